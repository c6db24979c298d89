"""Whatever campaign a syntax tree can hold, the checks come to an end: a typed campaign, or what is wrong with it."""

from __future__ import annotations

import types
import typing
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

import trees
from brand import BRAND, CATALOG
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from texts import SAMPLE
from trees import S

from campaign_dsl.language.catalog.types import WEEKDAYS
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics.behavior.rules import MONTHS
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.spec import DISPLAYS, MESSAGE_TYPES, PARTS
from campaign_dsl.workspace import Workspace

KNOWN = sorted({word for word in CATALOG.replace(":", " ").replace(",", " ").split() if word.isidentifier()})
PATHS = (
    "customer.name", "customer.surname", "event.amount", "event.sku", "goal.step", "outcome.points.amount",
    "offer.title", "outcome.code.code", "reward.title", "campaign.data.a", "segment", "variant", "language", "p.amount",
    "wallet.points.rewards", "nobody.knows",
)  # fmt: skip
VALUES = ("{{ customer.surname }}", "{{ customer.name }}", "{{ event.sku }}")
TEMPLATES = ("Hello", "https://x.example", *VALUES, "{{", "{% if %}")
FILES = ("content/a.html", "../x", "", "none.html", "content/a.mjml")

words = st.sampled_from(("purchase", "note", "gift", "gold", "a", "b", "p", "event", "customer", "Ünknown", "x" * 70))
name = st.one_of(words, st.sampled_from(KNOWN)).map(lambda text: t.Name(text, span=S))
clock = st.sampled_from(("00:00", "09:00", "23:59")).map(lambda text: t.Text(text, span=S))
text = st.sampled_from((*TEMPLATES, *FILES)).map(lambda said: t.Text(said, span=S))
whole = st.sampled_from(("0", "1", "500", "5000000000")).map(lambda said: t.Number(said, span=S))
number = st.sampled_from(("0", "0.5", "50", "100", "33.3333", "1000")).map(lambda said: t.Number(said, span=S))
path = st.sampled_from(PATHS).map(lambda said: t.Path(tuple(t.Name(part, span=S) for part in said.split(".")), span=S))
expression = st.one_of(path, path, trees.constants(), trees.expressions())
moment = st.sampled_from(("2026-11-27T09:00:00", "2026-11-27T09:00:30", "2026-11-27T09:00:00+02:00"))
day = st.sampled_from((date(1900, 1, 1), date(2026, 1, 1), date(2026, 12, 31), date(2299, 12, 31)))

SPECIAL: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("Quantity", "kind"): st.sampled_from(("at least", "at most", "exactly")),
    ("Schedule", "weekdays"): st.lists(st.sampled_from((*WEEKDAYS, "weekday")), max_size=2).map(tuple),
    ("Schedule", "position"): st.sampled_from((None, "first", "second", "last")),
    ("Schedule", "month"): st.sampled_from((None, *MONTHS)),
    ("OnCrossing", "what"): st.sampled_from(("audience", "geofence")),
    ("BudgetItem", "unit"): st.sampled_from(("points", "offers", "codes", "messages")),
    ("Limit", "unit"): st.sampled_from((*trees.UNITS, "ever")),
    ("Issue", "what"): st.sampled_from(("offer", "code", "pool", "reward")),
    ("Part", "name"): st.sampled_from(PARTS).map(lambda said: t.Name(said, span=S)),
    ("Part", "kind"): st.sampled_from(("text", "file", "mjml")),
    ("Message", "type"): st.sampled_from((*MESSAGE_TYPES, "letter")).map(lambda said: t.Name(said, span=S)),
    ("Message", "name"): st.sampled_from(("note", "gift")).map(lambda said: t.Name(said, span=S)),
    ("Message", "display"): st.sampled_from((None, *DISPLAYS)).map(lambda said: said and t.Name(said, span=S)),
    ("Once", "moment"): moment.map(lambda said: t.Constant("timestamp", said, span=S)),
    ("Campaign", "review"): st.none() | day.map(lambda said: t.Constant("date", said.isoformat(), span=S)),
    ("Campaign", "name"): st.just(t.Name("gift", span=S)),
    ("Campaign", "priority"): st.none() | whole,
    ("Campaign", "kind"): st.sampled_from((None, "promotion", "messaging", "subscription", "sale")).map(
        lambda said: said and t.Name(said, span=S)
    ),
    ("Tail", "at_most"): st.none() | whole,
    ("TimeZone", "zone"): st.sampled_from(("UTC", "America/New_York", "Mars")).map(lambda said: t.Text(said, span=S)),
    ("Audience", "name"): st.none(),
    ("Misfire", "catch_up_days"): st.integers(0, 99),
}
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    t.Name: name,
    t.Text: text,
    t.Number: number,
    t.Path: path,
    t.Constant: trees.constants(),
    t.Duration: trees.durations,
    t.Exclude: name.map(lambda said: t.Exclude(said, None, span=S))
    | expression.map(lambda asked: t.Exclude(None, asked, span=S)),
    date: day,
    int: st.sampled_from((0, 1, 2, 3, 31, 32, 400, 10**6)),
    bool: st.booleans(),
    str: st.sampled_from(trees.UNITS),
}
CLOCKS = {("OnAnniversary", "at"), ("OnHoliday", "at"), ("Schedule", "at"), ("Quiet", "start"), ("Quiet", "end")}


@cache
def of(hint: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a type of the syntax tree."""
    if hint is t.Expression or (isinstance(hint, types.UnionType) and t.Compare in typing.get_args(hint)):
        return st.none() | expression if type(None) in typing.get_args(hint) else expression
    if hint in LEAVES:
        return LEAVES[hint]
    if hint is type(None):
        return st.none()
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return st.lists(of(arguments[0], depth), max_size=3).map(tuple)
    if arguments:
        kept = [each for each in arguments if each is not t.Group or depth < 2]
        return st.one_of(*(of(each, depth) for each in kept))
    return node(hint, depth + 1)


@cache
def node(kind: type, depth: int) -> st.SearchStrategy[Any]:
    """Nodes of a kind of the syntax tree."""
    hints = typing.get_type_hints(kind)
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for field in fields(kind):
        where = (kind.__name__, field.name)
        if field.name == "span":
            parts[field.name] = st.just(S)
        elif where in SPECIAL:
            parts[field.name] = SPECIAL[where]
        elif where in CLOCKS:
            optional = type(None) in typing.get_args(hints[field.name])
            parts[field.name] = st.none() | clock if optional else clock
        else:
            parts[field.name] = of(hints[field.name], depth)
    return st.builds(kind, **parts)


def checked(campaign: t.Campaign) -> tuple[ir.Campaign | None, tuple[Diagnostic, ...]]:
    workspace = Workspace(SAMPLE, settings=BRAND.settings, catalog=BRAND.catalog)
    workspace._texts["content/a.html"] = SourceFile("content/a.html", "<p>{{ customer.surname }}</p>")
    workspace.campaigns["gift"] = (campaign, SourceFile("nowhere", ""))
    return workspace.typed("gift"), workspace.problems.sorted()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(node(t.Campaign, 0))
def test_random_campaigns(campaign: t.Campaign) -> None:
    found, problems = checked(campaign)
    assert (found is None) == any(each.severity == "error" for each in problems)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(of(t.Trigger), min_size=1, max_size=3), st.booleans())
def test_random_triggers(triggers: list[t.Trigger], progress: bool) -> None:
    behavior = t.Behavior(tuple(triggers), progress, (), (), span=S)
    campaign, problems = checked(_sound(behavior=behavior))
    assert (campaign is None) == bool(problems)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(of(t.Outcome | t.FirstOf), min_size=1, max_size=4))
def test_random_outcomes(outcomes: list[t.Outcome | t.FirstOf]) -> None:
    campaign, problems = checked(_sound(outcomes=tuple(outcomes)))
    assert (campaign is None) == bool(problems)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(node(t.Message, 0))
def test_random_messages(message: t.Message) -> None:
    send = t.Send(message.name, t.Tail(), span=S)
    campaign, problems = checked(_sound(messages=(message,), outcomes=(_tag(), send)))
    assert (campaign is None) == bool(problems)


def _tag() -> t.TagFor:
    return t.TagFor(t.Name("gift", span=S), None, t.Tail(), span=S)


def _sound(**parts: Any) -> t.Campaign:
    """A sound campaign but for ``parts``."""
    event = t.EventCondition(t.Name("purchase", span=S), None, None, None, None, span=S)
    nothing = {
        each.name: () if "tuple" in str(each.type) else None for each in fields(t.Campaign) if each.name != "span"
    }
    return t.Campaign(
        **nothing
        | {
            "name": t.Name("gift", span=S),
            "kind": t.Name("promotion", span=S),
            "timezone": t.TimeZone(t.Text("UTC", span=S), False, span=S),
            "audience": t.Audience(None, None, True, span=S),
            "behavior": t.Behavior((event,), False, (), (), span=S),
            "outcomes": (_tag(),),
        }
        | parts,
        span=S,
    )
