"""From blocks and clauses to the syntax tree, the same way for both spellings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.blocks import Block, Clause
from campaign_dsl.language.syntax.parsing import parse_clause


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
    for child in (audience, behavior, outcomes):
        if child is not None:
            _head(child, problems)
    return t.Campaign(
        name=name,
        title=_one(block, "title", problems),
        kind=_one(block, "kind", problems),
        owner=_one(block, "owner", problems),
        priority=_one(block, "priority", problems),
        runs=_one(block, "runs", problems),
        timezone=_zone(_one(block, "timezone", problems)),
        leap_day=_one(block, "leap_day", problems),
        misfire=_one(block, "misfire", problems),
        formerly=tuple(each for names in _many(block, "formerly", problems) for each in names),
        audience=_audience(audience, None, problems) if audience else None,
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


def _behavior(block: Block, problems: Problems) -> t.Behavior:
    return t.Behavior(
        on=_one(block, "on", problems),
        limits=_many(block, "limit", problems),
        budget=tuple(each for items in _many(block, "budget", problems) for each in items),
        span=block.span,
    )


def _outcomes(block: Block, problems: Problems) -> tuple[t.Outcome, ...]:
    nodes = (_read(clause, problems) for clause in block.entries)
    return tuple(node for node in nodes if node is not None)


def _message(block: Block, problems: Problems) -> t.Message | None:
    head = _head(block, problems)
    settings, properties = _only(block, "settings", problems), _only(block, "properties", problems)
    for child in (settings, properties):
        if child is not None:
            _head(child, problems)
    values, carried = [], []
    for clause in settings.entries if settings else ():
        text = _read(clause, problems, "text_clause")
        if text is not None:
            values.append(t.Setting(_name(clause), text, span=clause.span))
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
        quiet=_one(block, "quiet", problems),
        expires=_one(block, "expires", problems),
        settings=tuple(values),
        properties=tuple(carried),
        span=block.span,
    )


def parse_expression(snippet: Snippet, problems: Problems) -> t.Expression | None:
    """A predicate on its own, as `campaign audience` takes it."""
    return parse_clause("where_clause", snippet, problems, "the predicate")  # type: ignore[no-any-return]
