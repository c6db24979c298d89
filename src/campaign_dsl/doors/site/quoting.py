"""What contents and properties can quote, from the table that checks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campaign_dsl.doors.site.tables import code, table
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.content import context as c
from campaign_dsl.language.semantics.messages.quoting import EFFECTS

_EFFECTS = {name: f"The campaign {effect.verb}." for name, effect in EFFECTS.items()}
_GROUPS: tuple[tuple[str, str, Mapping[str, c.Entry]], ...] = (
    *((name, _EFFECTS[name], effect.entries((), None)) for name, effect in EFFECTS.items()),
    ("campaign", "Always.", c.campaign_entries({})),
    ("occurrence", "Always.", c.occurrence_entries()),
    ("wallet", "Always; what is in there when the message is written.", c.wallet_entries(("ACCOUNT",))),
    ("goal", "The campaign has `progress each step`.", c.goal_entries()),
    ("segment", "The audience has segments.", c.choice_entries("s", (), ())),
    ("variant", "The campaign has variants.", c.choice_entries((), "v", ())),
    ("language", "The campaign has languages.", c.choice_entries((), (), "l")),
)
_OPEN = (
    ("customer.ATTRIBUTE", "as in the catalog", "Always; places on the map cannot be quoted."),
    ("event.PROPERTY", "as in the catalog", "Every trigger has an event with this property."),
    ("STEP.PROPERTY", "as in the catalog", "The trigger is a sequence with a step `as STEP`."),
)
_DATA = ("campaign.data.KEY", "text", "The campaign's `data` has the key.")


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, type, and when it is there."""
    for name, kind, when in _OPEN:
        yield code(name), kind, when
    for _, when, entries in _GROUPS:
        for name, entry in entries.items():
            yield code(name), _type(entry), when
        if "campaign.name" in entries:
            yield code(_DATA[0]), _DATA[1], _DATA[2]


def _type(entry: c.Entry) -> str:
    kind = entry.type.kind
    words = "one of its names" if kind is Kind.ENUM else kind.value
    element = entry.type.element
    if element is not None:
        words = "list of records: " + ", ".join(code(name) for name, _ in element.fields)
    return words


def section() -> Iterator[str]:
    """The section of the reference page."""
    yield (
        'Properties of a message name a value, `first_name customer.first_name else "friend"`, or are a constant. '
        'Contents are templates: `{{ customer.first_name | default("friend") }}`. What may be missing for somebody '
        "who gets the message needs something in its stead: an attribute that is not `nullable: false`, what is given "
        "under a condition that the message does not have, `expires_at` of what does not expire.\n"
    )
    yield table(("value", "type", "there when"), rows())
