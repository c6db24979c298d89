"""From blocks and clauses to the syntax tree, the same way for both spellings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.blocks import Block, Clause
from campaign_dsl.language.syntax.parsing import parse_clause
from campaign_dsl.language.syntax.spec import PARTS, TRIGGERS


def assemble(blocks: tuple[Block, ...], problems: Problems) -> t.File:
    """The syntax tree of a file. Clauses with errors are left out; each error is in ``problems``."""
    campaigns: list[t.Campaign] = []
    audiences: list[t.Audience] = []
    for block in blocks:
        name = _head(block, problems)
        if name is None:
            continue
        if block.keyword.text == "campaign":
            campaigns.append(_campaign(block, name, problems))
        else:
            audiences.append(_audience(block, name, problems))
    return t.File(tuple(campaigns), tuple(audiences))


def _head(block: Block, problems: Problems) -> Any:
    word = block.keyword
    opening = ":" if word.span.source.path.endswith(".yaml") else " {"
    if block.spec.head is None:
        if block.head.text.strip():
            problems.add(
                "SYN007",
                f"unexpected `{block.head.text.strip()[:40]}` after `{word.text}`",
                block.head.whole,
                help=f"write `{word.text}{opening}`",
            )
        return None
    if not block.head.text.strip():
        if block.spec.head_optional:
            return None
        if block.spec.head in ("group_head", "choice_head"):
            problems.add(
                "SYN008", f"`of` is missing after `{word.text}`", word.span, help=f"write `{word.text} of{opening}`"
            )
            return None
        name = "some_name external" if word.text == "message" else "some_name"
        help = f"write `{word.text} {name}{opening}`"
        problems.add("SYN008", f"this `{word.text}` has no name", word.span, help=help)
        return None
    return parse_clause(block.spec.head, block.head, problems, f"the head of `{word.text}`")


def _read(clause: Clause, problems: Problems, entry: str | None = None) -> Any:
    """The node of a clause's body."""
    word = clause.keyword
    if clause.broken:
        return None
    start = clause.spec.start if clause.spec else entry
    if start is None:
        if clause.body.text.strip() not in ("", "true"):
            problems.add("SYN007", f"`{word.text}` stands alone", clause.body.whole, help=f"write just `{word.text}`")
        return t.Everyone(span=clause.span)
    if clause.plain:
        return t.Text(clause.body.text, span=clause.body.whole)
    return parse_clause(start, clause.body, problems, f"`{word.text}`")


def _zone(node: Any) -> Any:
    """The zone clause; YAML may give the name of a zone alone."""
    return t.TimeZone(node, False, span=node.span) if isinstance(node, t.Text) else node


def _one(block: Block, keyword: str, problems: Problems) -> Any:
    """The node of a clause that may be written once."""
    clauses = block.clauses(keyword)
    for extra in clauses[1:]:
        first, second = clauses[0].keyword.span, extra.keyword.span
        if first == second:  # a list below one key of YAML
            if keyword == "languages":
                together = ", ".join(each.body.text.strip() for each in clauses)
                problems.add(
                    "SYN009",
                    f"`{keyword}` is one text, not a list of YAML",
                    clauses[0].body.whole.to(clauses[-1].body.whole),
                    help=f"write `{keyword}: {together}`",
                )
                break
            first, second = clauses[0].body.whole, extra.body.whole
        problems.add(
            "SYN009",
            f"`{keyword}` is written twice in `{block.keyword.text}`",
            second,
            help="join the two with `and`" if keyword == "where" else "keep one of them",
            see_also=(Label(first, "first written here"),),
        )
    return _read(clauses[0], problems) if clauses else None


def _many(block: Block, keyword: str, problems: Problems) -> tuple[Any, ...]:
    nodes = (_read(clause, problems) for clause in block.clauses(keyword))
    return tuple(node for node in nodes if node is not None)


def _only(block: Block, keyword: str, problems: Problems) -> Block | None:
    """The child block that may be written once."""
    found = block.blocks(keyword)
    for extra in found[1:]:
        problems.add(
            "SYN009",
            f"`{keyword}` is written twice in `{block.keyword.text}`",
            extra.keyword.span,
            help="put everything in one block",
            see_also=(Label(found[0].keyword.span, "first written here"),),
        )
    return found[0] if found else None


def _name(clause: Clause) -> t.Name:
    return t.Name(clause.keyword.text, span=clause.keyword.span)


def _campaign(block: Block, name: t.Name, problems: Problems) -> t.Campaign:
    audience = _only(block, "audience", problems)
    behavior = _only(block, "behavior", problems)
    outcomes = _only(block, "outcomes", problems)
    data, variants = _only(block, "data", problems), _only(block, "variants", problems)
    for child in (audience, behavior, outcomes, data, variants):
        if child is not None:
            _head(child, problems)
    return t.Campaign(
        name=name,
        title=_one(block, "title", problems),
        kind=_one(block, "kind", problems),
        owner=_one(block, "owner", problems),
        priority=_one(block, "priority", problems),
        runs=_one(block, "runs", problems),
        review=_one(block, "review", problems),
        timezone=_zone(_one(block, "timezone", problems)),
        leap_day=_one(block, "leap_day", problems),
        misfire=_one(block, "misfire", problems),
        languages=_one(block, "languages", problems),
        quiet=_one(block, "quiet", problems),
        formerly=tuple(each for names in _many(block, "formerly", problems) for each in names),
        data=_texts(data, problems),
        audience=_audience(audience, None, problems) if audience else None,
        variants=_variants(variants, problems),
        behavior=_behavior(behavior, problems) if behavior else None,
        outcomes=_outcomes(outcomes, problems) if outcomes else (),
        messages=tuple(
            message for child in block.blocks("message") if (message := _message(child, problems)) is not None
        ),
        span=block.span,
    )


def _audience(block: Block, name: t.Name | None, problems: Problems) -> t.Audience:
    segments = _only(block, "segments", problems)
    found = []
    if segments is not None:
        _head(segments, problems)
        for clause in segments.entries:
            before = len(problems)
            where = _read(clause, problems, segments.spec.entry)
            if len(problems) == before:
                found.append(t.Segment(_name(clause), where, span=clause.span))
    return t.Audience(
        name=name,
        where=_one(block, "where", problems),
        everyone=_one(block, "everyone", problems) is not None,
        excludes=_many(block, "exclude", problems),
        suppress=tuple(each for names in _many(block, "suppress", problems) for each in names),
        segments=tuple(found),
        holdout=_one(block, "holdout", problems),
        span=block.span,
    )


def _variants(block: Block | None, problems: Problems) -> tuple[t.Variant, ...]:
    found = []
    for clause in block.entries if block else ():
        percent = _read(clause, problems, "variant_entry")
        if percent is not None:
            found.append(t.Variant(_name(clause), percent, span=clause.span))
    return tuple(found)


def _texts(block: Block | None, problems: Problems) -> tuple[t.Setting, ...]:
    """The entries of a block of names and texts."""
    found = []
    for clause in block.entries if block else ():
        text = _read(clause, problems, "text_clause")
        if text is not None:
            found.append(t.Setting(_name(clause), text, span=clause.span))
    return tuple(found)


def _behavior(block: Block, problems: Problems) -> t.Behavior:
    triggers: list[t.Trigger] = []
    for item in block.items:
        if item.keyword.text not in TRIGGERS:
            continue
        node = _read(item, problems) if isinstance(item, Clause) else _goal(item, problems)
        if node is not None:
            triggers.append(node)
    return t.Behavior(
        triggers=tuple(triggers),
        progress=_one(block, "progress", problems) is not None,
        limits=_many(block, "limit", problems),
        budget=tuple(each for items in _many(block, "budget", problems) for each in items),
        span=block.span,
    )


def _goal(block: Block, problems: Problems) -> t.Group | t.SequenceBlock | None:
    before = len(problems)
    head = _head(block, problems)
    if block.keyword.text == "sequence":
        steps = tuple(step for item in block.entries if (step := _step(item, problems)) is not None)
        return None if len(problems) > before else t.SequenceBlock(head, steps, span=block.span)
    parts: list[t.EventCondition | t.Group] = []
    for item in block.items:
        if isinstance(item, Block):
            inner = _goal(item, problems)
            if isinstance(inner, t.Group):
                parts.append(inner)
            continue
        node = _read(item, problems, block.spec.entry)
        if isinstance(node, tuple):
            problems.add(
                "SYN007", "only steps of a `sequence` have names", node[1].span, help=f"delete `as {node[1].text}`"
            )
        elif node is not None:
            parts.append(replace(node, event=_name(item), span=item.span))
    if len(problems) > before:
        return None
    within = head[0] if head is not None else None
    return t.Group(block.keyword.text == "all", within, tuple(parts), span=block.span)


def _step(clause: Clause, problems: Problems) -> t.Step | None:
    """A step of a sequence. The first one has no `then`, and can only be named and filtered."""
    if clause.spec is not None:
        return _read(clause, problems)  # type: ignore[no-any-return]
    node = _read(clause, problems, "goal_entry")
    if node is None:
        return None
    condition, alias = node if isinstance(node, tuple) else (node, None)
    extra = condition.geofence or condition.quantity or condition.within
    if extra is not None:
        problems.add(
            "SYN007",
            "a step of a `sequence` is one event",
            extra.span,
            help="write `EVENT where ... as NAME`, and how long the next step may take behind that one",
        )
        return None
    return t.Step(_name(clause), condition.where, alias, False, None, span=clause.span)


def _outcomes(block: Block, problems: Problems) -> tuple[t.Outcome | t.FirstOf, ...]:
    found: list[t.Outcome | t.FirstOf] = []
    for item in block.items:
        if isinstance(item, Block):
            _head(item, problems)
            lines = tuple(node for clause in item.entries if (node := _read(clause, problems)) is not None)
            found.append(t.FirstOf(lines, span=item.span))
        elif (node := _read(item, problems)) is not None:
            found.append(node)
    return tuple(found)


def _content(block: Block, problems: Problems) -> t.Content:
    axes = _head(block, problems) or {}
    parts = []
    for name in PARTS:
        node = _one(block, name, problems)
        if isinstance(node, t.Text):  # YAML gives the text itself
            node = t.Part(t.Name("", span=node.span), "text", node, span=node.span)
        if node is not None:
            word = block.clauses(name)[0].keyword
            parts.append(replace(node, name=t.Name(name, span=word.span)))
    return t.Content(
        axes.get("segment"),
        axes.get("language"),
        axes.get("variant"),
        tuple(sorted(parts, key=lambda part: part.span.start)),
        _one(block, "template", problems),
        span=block.span,
    )


def _message(block: Block, problems: Problems) -> t.Message | None:
    head = _head(block, problems)
    settings, properties = _only(block, "settings", problems), _only(block, "properties", problems)
    for child in (settings, properties):
        if child is not None:
            _head(child, problems)
    carried = []
    values = _texts(settings, problems)
    contents = tuple(_content(child, problems) for child in block.blocks("content"))
    for clause in properties.entries if properties else ():
        node = _read(clause, problems, "property_entry")
        if node is not None:
            carried.append(replace(node, name=_name(clause), span=clause.span))
    if head is None:
        return None
    return t.Message(
        name=head[0],
        type=head[1],
        via=_one(block, "via", problems),
        conversation=_one(block, "conversation", problems),
        purpose=_one(block, "purpose", problems),
        display=_one(block, "display", problems),
        quiet=_one(block, "quiet", problems),
        expires=_one(block, "expires", problems),
        visible=_one(block, "visible", problems),
        seeds=tuple(each for names in _many(block, "seeds", problems) for each in names),
        settings=values,
        properties=tuple(carried),
        contents=contents,
        span=block.span,
    )


def parse_expression(snippet: Snippet, problems: Problems) -> t.Expression | None:
    """A predicate on its own, as `campaign audience` takes it."""
    return parse_clause("where_clause", snippet, problems, "the predicate")  # type: ignore[no-any-return]
