"""The range of every node is exactly its text, in both spellings and in every style of YAML."""

from __future__ import annotations

import re
from collections.abc import Callable

import full_campaign
import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import SAMPLE, clause, file, predicate, text_of, tree_nodes
from trees import expressions

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import duration, quoted, step, written

# --------------------------------------------------------------------------------------------------- expressions

UNBREAKABLE = re.compile(r'"(?:[^"\\]|\\.)*"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]')


def expected(node: object) -> str | None:
    """The text a node of an expression was written as; None for those that are checked through others."""
    match node:
        case t.Name(text) | t.Number(text):
            return text
        case t.Text(text):
            return quoted(text)
        case t.Duration():
            return duration(node)
        case t.Step():
            return step(node)
        case t.Window() | t.Quantity() | t.Bound():
            return None
    return written(node)  # type: ignore[arg-type]


def check(node: t.Expression, decode: Callable[[str], str]) -> None:
    for each in tree_nodes(node):
        wanted = expected(each)
        found = decode(text_of(each.span))
        if wanted is not None:
            assert found in (wanted, f"({wanted})"), type(each)
    for each in tree_nodes(node):
        if isinstance(each, t.Did | t.Aggregate) and each.window is not None:
            whole = decode(text_of(each.span))
            assert whole.rstrip(")").endswith(decode(text_of(each.window.span)).rstrip(")"))
            quantity = getattr(each, "quantity", None)
            if quantity is not None:
                kind, number, times = decode(text_of(quantity.span)).rsplit(" ", 2)
                assert (kind, int(number), times[:4]) == (quantity.kind, quantity.count, "time")
        if isinstance(each, t.Compare):
            assert decode(text_of(each.op_span)) == each.op
        if isinstance(each, t.Window) and each.kind == "bounds":
            assert " ".join(decode(text_of(bound.span)) for bound in each.bounds) == decode(text_of(each.span))
        if isinstance(each, t.Bound):
            assert decode(text_of(each.span)).endswith(decode(text_of(each.moment.span)))


@given(expressions())
def test_expressions_in_a_campaign_file(node: t.Expression) -> None:
    check(predicate(written(node)), lambda text: text)


def folded(text: str) -> str:
    return re.sub(r" *\n *", " ", text)


def decode_double(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", folded(text))


def breaks(text: str, where: list[bool], line_end: str) -> str:
    """``text`` with some of the spaces outside of its strings and instants turned into line ends."""
    out, end, choice = [], 0, iter(where)
    strings = [match.span() for match in UNBREAKABLE.finditer(text)]
    for match in re.finditer(" ", text):
        inside = any(start <= match.start() < stop for start, stop in strings)
        if not inside and next(choice, False):
            out += [text[end : match.start()], line_end]
            end = match.end()
    return "".join((*out, text[end:]))


def double(text: str, where: list[bool]) -> str:
    pieces = breaks(text, where, "\0").split("\0")
    return '"' + "\n      ".join(each.replace("\\", "\\\\").replace('"', '\\"') for each in pieces) + '"'


STYLES: dict[str, tuple[Callable[[str, list[bool]], str], Callable[[str], str]]] = {
    "plain": (lambda text, where: breaks(text, where, "\n      "), folded),
    "single": (
        lambda text, where: "'" + breaks(text, where, "\n      ").replace("'", "''") + "'",
        lambda text: folded(text).replace("''", "'"),
    ),
    "double": (double, decode_double),
    "folded": (lambda text, where: ">-\n      " + breaks(text, where, "\n      "), folded),
    "literal": (lambda text, where: "|2\n      " + breaks(text, where, "\n         "), folded),
}
# A plain scalar ends at ` #` and must not hold `: `; the strings inside decide that, so they are kept simple there.
SIMPLE = st.text(st.sampled_from("ab Z\\é😀"), max_size=12).map(str.strip)


@pytest.mark.parametrize("style", STYLES)
@given(node=expressions(SIMPLE), where=st.lists(st.booleans(), max_size=12))
def test_expressions_in_yaml(style: str, node: t.Expression, where: list[bool]) -> None:
    write, decode = STYLES[style]
    text = f"({written(node)})"
    found = file(f"audience x:\n  # a comment\n  where: {write(text, where)}\n", "x.campaign.yaml")
    assert found.audiences[0].where == node
    assert found.audiences[0].where is not None
    check(found.audiences[0].where, decode)


# -------------------------------------------------------------------------------------------------------- clauses

STARTS: dict[type, str] = {
    t.Runs: "runs_clause",
    t.TimeZone: "timezone_clause",
    t.Misfire: "misfire_clause",
    t.Exclude: "exclude_clause",
    t.OnAnniversary: "on_clause",
    t.Limit: "limit_clause",
    t.BudgetItem: "budget_clause",
    t.OnHoliday: "on_clause",
    t.OnCode: "on_clause",
    t.OnSubscription: "on_clause",
    t.OnCrossing: "on_clause",
    t.Schedule: "every_clause",
    t.EveryNth: "every_clause",
    t.Once: "once_clause",
    t.EventCondition: "on_clause",
    t.Step: "then_clause",
    t.Award: "award_clause",
    t.Issue: "issue_clause",
    t.TagFor: "tag_clause",
    t.Untag: "untag_clause",
    t.SetTo: "set_clause",
    t.Subscription: "subscribe_clause",
    t.Record: "record_clause",
    t.Send: "send_clause",
    t.Via: "via_clause",
    t.Quiet: "quiet_clause",
    t.Languages: "languages_clause",
    t.Duration: "expires_clause",
    t.Condition: "send_clause",
}
BLOCKS = {
    t.Campaign: "campaign",
    t.Audience: "audience",
    t.Behavior: "behavior",
    t.Message: "message",
    t.Content: "content",
    t.SequenceBlock: "sequence",
    t.FirstOf: "first",
}
ENTRIES = (t.Segment, t.Setting, t.PropertyOf, t.Variant, t.Assignment)
VALUES = (t.Name, t.Text, t.Number, t.Bound, t.Window, t.Quantity)


def same(found: object, node: object) -> bool:
    if isinstance(node, t.BudgetItem):
        return found == (node,)
    if isinstance(node, t.Condition):
        return isinstance(found, t.Send) and found.tail.condition == node
    return found == node


@pytest.mark.parametrize("spelling", ["campaign", "campaign.yaml"])
def test_every_clause_is_read_again_from_its_range(spelling: str) -> None:
    yaml = spelling.endswith("yaml")
    tree = file(full_campaign.YAML if yaml else full_campaign.DSL, f"x.{spelling}")
    seen: set[type] = set()
    for node in tree_nodes(tree):
        if isinstance(node, t.File | t.Tail):  # a tail has no text of its own, only its parts have
            seen.add(type(node))
            continue
        seen.add(type(node))
        raw = text_of(node.span)
        text = raw.replace('\\"', '"') if yaml else raw
        if type(node) in STARTS:
            prefix = {t.Duration: "after ", t.Condition: "note "}.get(type(node), "")
            assert same(clause(STARTS[type(node)], prefix + text), node), (type(node), raw)
        elif isinstance(node, t.Group):
            assert raw.startswith("all of" if node.all else "any of")
        elif isinstance(node, t.Part):
            assert text_of(node.name.span) == node.name.text
        elif type(node) in BLOCKS:
            assert raw.startswith(BLOCKS[type(node)])
            assert yaml or raw.endswith("}")
        elif isinstance(node, ENTRIES):
            assert raw.startswith(node.name.text)
        elif isinstance(node, t.Name):
            assert text == node.text
        elif isinstance(node, t.Text):
            unescaped = raw.replace('\\"', '"')
            assert node.text in {raw, unescaped, raw[1:-1], unescaped[1:-1]}
        elif isinstance(node, t.Number):
            assert raw.replace("_", "") == node.text
        elif not isinstance(node, VALUES):
            assert predicate(text) == node, (type(node), raw)
    everything = {
        each for each in vars(t).values() if isinstance(each, type) and each.__module__.startswith(t.__name__)
    }
    assert everything == seen


def test_the_sample_is_covered_too() -> None:
    for path in sorted(SAMPLE.glob("*.campaign*")):
        for node in tree_nodes(file(path.read_text("utf-8"), path.name)):
            span = getattr(node, "span", None)
            assert isinstance(node, t.File | t.Tail) or (
                isinstance(span, Span) and text_of(span).strip() == text_of(span)
            )
