"""What to write instead of a keyword that does not exist where it stands."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.suggest import near
from campaign_dsl.language.syntax.spec import BlockSpec, named_blocks

_MEANT = {
    "name": "title",
    "description": "title",
    "type": "kind",
    "contact": "owner",
    "author": "owner",
    "starts": "runs",
    "start": "runs",
    "schedule": "runs",
    "dates": "runs",
    "zone": "timezone",
    "tz": "timezone",
    "renamed": "formerly",
    "target": "audience",
    "who": "audience",
    "recipients": "audience",
    "filter": "where",
    "include": "where",
    "if": "where",
    "except": "exclude",
    "without": "exclude",
    "all": "everyone",
    "suppression": "suppress",
    "splits": "segments",
    "control": "holdout",
    "control_group": "holdout",
    "monday": "every",
    "tuesday": "every",
    "wednesday": "every",
    "thursday": "every",
    "friday": "every",
    "saturday": "every",
    "sunday": "every",
    "daily": "every",
    "weekly": "every",
    "monthly": "every",
    "each": "every",
    "at": "once",
    "progression": "progress",
    "upgrade": "set",
    "downgrade": "set",
    "change": "set",
    "update": "set",
    "remove": "untag unsubscribe",
    "event": "record",
    "opt_in": "subscribe",
    "opt_out": "unsubscribe",
    "deliver": "send",
    "message": "send",
    "push": "send",
    "sms": "send",
    "language": "languages",
    "locale": "languages",
    "locales": "languages",
    "ab_test": "variants",
    "test": "variants",
    "split": "variants segments",
    "custom": "data",
    "metadata": "data",
    "constants": "data",
    "quiet_hours": "quiet",
    "silence": "quiet",
    "duration": "visible",
    "seed_list": "seeds",
    "seed": "seeds",
    "headline": "title header subject",
    "heading": "header title subject",
    "html": "body",
    "message_body": "body",
    "url": "link",
    "deeplink": "link",
    "deep_link": "link",
    "picture": "image",
    "copy": "body",
    "trigger": "on behavior",
    "triggers": "on behavior",
    "when": "on",
    "anniversary": "on",
    "birthday": "on",
    "frequency": "limit",
    "cap": "limit",
    "spend": "budget",
    "cost": "budget",
    "actions": "outcomes",
    "rewards": "outcomes",
    "then": "outcomes",
    "give": "award",
    "grant": "award",
    "add": "award tag",
    "points": "award",
    "offer": "issue",
    "coupon": "issue",
    "label": "tag",
    "email": "send",
    "notify": "send",
    "provider": "via",
    "channel": "via",
    "through": "via",
    "silent": "quiet",
    "expire": "expires",
    "ttl": "expires",
    "params": "properties",
    "data": "properties",
    "values": "properties",
}
"""What other tools call things; where it depends on the block, several words."""


def instead_of(word: str, spec: BlockSpec, name: str) -> str:
    """What to write instead of ``word``, which is no keyword of the block ``name``."""
    close = near(word.replace("-", "_"), spec.keywords)
    if close:
        return "did you mean " + " or ".join(f"`{each}`" for each in close) + "?"
    meant = [each for each in _MEANT.get(word.lower(), "").split() if each in spec.keywords]
    if meant:
        clause = spec.clauses.get(meant[0]) if len(meant) == 1 else None
        example = f", as in `{meant[0]} {' '.join(clause.example.split())}`" if clause is not None else ""
        return f"did you mean {' or '.join(f'`{each}`' for each in meant)}{example if len(example) < 60 else ''}?"
    homes = list(dict.fromkeys(home for home, block in named_blocks() if word in block.keywords and home != name))
    if homes:
        return f"`{word}` stands " + " or ".join(
            "outside of blocks" if home == "file" else f"in `{home}`" for home in homes
        )
    return holds(spec, name)


def holds(spec: BlockSpec, name: str) -> str:
    """What a block can hold, in the order of the reference."""
    if spec.entry is not None:
        return f"a line of `{name}` begins with a name, as in `{' '.join(spec.entry_example.split())}`"
    words = [f"`{word}`" for word in spec.keywords]
    listed = words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
    return f"a file holds {listed} blocks" if name == "file" else f"`{name}` holds {listed}"
