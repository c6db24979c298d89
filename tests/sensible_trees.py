"""Random expressions that fit their types: what the checks let through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from campaign_dsl.language.ir.operators import AGGREGATES, COMPARISONS, LIST_TESTS, ROUNDINGS, TEXT_TESTS
from campaign_dsl.language.syntax import tree as t
from expression_trees import SPAN

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Scope:
    """Names by kind, and whether the customer can be asked."""

    paths: dict[str, list[str]]
    customer: bool = False
    aliases: tuple[str, ...] = ()


CUSTOMER = Scope(
    {
        "text": ["note", "sure", "zone", "address.city", "shop.city", "shop.region.title", "customer.note"],
        "number": ["whole", "count", "money", "age", "address.floor", "tier_multiplier"],
        "boolean": ["yes"],
        "date": ["born", "joined"],
        "timestamp": ["seen", "since_when"],
        "ordered": ["tier", "level"],
        "color": ["color"],
        "geo": ["home"],
        "texts": ["interests"],
        "records": ["children"],
    },
    customer=True,
)
BUY = Scope(
    {
        "text": ["sku", "store", "store.city", "store.zone", "store.region.title"],
        "number": ["amount", "whole"],
        "boolean": ["gift"],
        "date": ["picked"],
        "timestamp": ["shipped", "occurred_at"],
        "ordered": ["size"],
        "color": ["color"],
        "geo": ["where_at"],
        "texts": ["labels"],
        "records": [],
    }
)
LOOK = Scope({"text": ["sku"], "number": ["amount"], "timestamp": ["occurred_at"]})
OPEN = Scope({"timestamp": ["occurred_at"]})
ORDERS = Scope({"text": ["store", "store.city"], "number": ["total"], "date": ["placed"]})
CHILD = {"number": ["age"], "text": ["name"], "texts": ["toys"]}
EVENTS = {"buy": BUY, "look": LOOK, "open": OPEN}
WORDS = {"ordered": ["low", "mid", "high"], "color": ["red", "blue"], "weekday": ["monday", "sunday"]}
CONSTANTS = {
    "text": [("text", text) for text in ("", "a", "Boston", "UTC")],
    "number": [("integer", "0"), ("integer", "-7"), ("decimal", "2.5"), ("decimal", "0.333")],
    "boolean": [("boolean", "true"), ("boolean", "false")],
    "date": [("date", "2026-02-28"), ("date", "2024-02-29")],
    "timestamp": [("timestamp", "2026-03-08T02:30"), ("timestamp", "2026-01-01T00:00Z")],
    "time": [("time", "06:00"), ("time", "23:59")],
}
COMPARED = ["text", "number", "boolean", "date", "timestamp", "ordered", "color", "time", "weekday", "duration"]
EQUAL_ONLY = ("boolean", "color", "weekday")


def name(text: str) -> t.Name:
    return t.Name(text, span=SPAN)


def path(text: str) -> t.Path:
    return t.Path(tuple(name(part) for part in text.split(".")), span=SPAN)


class Tree:
    """One random expression."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(list(options)))

    def chance(self) -> bool:
        return bool(self.draw(st.booleans()))

    def duration(self) -> t.Duration:
        return t.Duration(self.pick([1, 3, 36]), self.pick(["minute", "hour", "day", "week"]), span=SPAN)

    def calendar(self) -> t.Length:
        return t.Length(self.pick([1, 2, 13]), self.pick(["day", "week", "month", "year"]), True, span=SPAN)

    def exact(self) -> t.Length:
        found = self.duration()
        return t.Length(found.count, found.unit, span=SPAN)

    def window(self, open_ended: bool = False) -> t.Window:
        length, calendar = self.exact(), self.calendar()
        whole = t.Window("calendar", calendar.count, calendar.unit, span=SPAN)
        since = t.Bound(self.pick(["since", "after"]), t.Ago(self.pick([length, calendar]), span=SPAN), span=SPAN)
        day = t.Bound(self.pick(["before", "until"]), t.Constant("date", "2026-01-01", span=SPAN), span=SPAN)
        options = [
            t.Window("rolling", length.count, length.unit, span=SPAN),
            whole,
            t.Window("this", unit=calendar.unit, span=SPAN),
            t.Window("bounds", bounds=(since,), span=SPAN),
        ]
        if not open_ended:
            options += [
                t.Window("ever", span=SPAN),
                t.Window("last", unit=calendar.unit, span=SPAN),
                t.Window("bounds", bounds=(day,), span=SPAN),
                t.Window("bounds", bounds=(since, day), span=SPAN),
            ]
        found: t.Window = self.pick(options)
        return found

    def event(self) -> tuple[t.Name, Scope]:
        chosen = self.pick(EVENTS)
        return name(chosen), EVENTS[chosen]

    def filter(self, scope: Scope, depth: int) -> t.Expression | None:
        return self.condition(scope, depth - 1) if self.chance() else None

    # ---- values

    def value(self, kind: str, scope: Scope, depth: int) -> t.Expression:
        """A value of a kind."""
        options: list[Callable[[], t.Expression]] = []
        own = scope.paths.get(kind, [])
        if own:
            options += [lambda: path(self.pick(own))] * 3
        if kind in CONSTANTS:
            options.append(lambda: t.Constant(*self.pick(CONSTANTS[kind]), span=SPAN))
        options += self.composed(kind, scope, depth)
        found: t.Expression = self.pick(options)()
        return found

    def composed(self, kind: str, scope: Scope, depth: int) -> list[Callable[[], t.Expression]]:
        def sub(of: str) -> t.Expression:
            return self.value(of, scope, depth - 1)

        match kind:
            case "time" | "weekday":
                what = "time of day" if kind == "time" else "day of week"
                zones = [None, t.Constant("text", "Asia/Tokyo", span=SPAN), *map(path, scope.paths.get("text", []))]
                local = lambda: t.LocalTime(what, self.pick(zones), span=SPAN)  # noqa: E731
                if kind == "time" or depth <= 0:
                    return [local]
                return [local, lambda: t.Call("weekday of", sub("date"), span=SPAN)]
            case "duration":
                between = (
                    [lambda: t.Arithmetic("-", sub("timestamp"), sub("timestamp"), span=SPAN)] if depth > 0 else []
                )
                return [self.exact, *between]
            case "timestamp":
                moved = [lambda: t.Arithmetic(self.pick("+-"), sub("timestamp"), sub("duration"), span=SPAN)]
                return [
                    lambda: t.Now(span=SPAN),
                    lambda: t.Ago(self.exact(), self.chance(), span=SPAN),
                    *moved[: depth > 0],
                    *self.picked(["shipped", "occurred_at"], scope, depth),
                ]
            case "date":
                moved = [lambda: t.Arithmetic(self.pick("+-"), sub("date"), self.calendar(), span=SPAN)]
                return [
                    lambda: t.Today(span=SPAN),
                    lambda: t.Ago(self.calendar(), self.chance(), span=SPAN),
                    *moved[: depth > 0],
                    *self.picked(["picked"], scope, depth),
                ]
            case "text" if depth > 0:
                lowered = lambda: t.Call("lower of", sub("text"), span=SPAN)  # noqa: E731
                return [lowered, *self.picked(["sku", "store.city"], scope, depth)]
            case "ordered" if depth > 0:
                return self.picked(["size"], scope, depth)
            case "number" if depth > 0:
                return self.numbers(scope, depth)
        return []

    def numbers(self, scope: Scope, depth: int) -> list[Callable[[], t.Expression]]:
        def sub(of: str) -> t.Expression:
            return self.value(of, scope, depth - 1)

        options: list[Callable[[], t.Expression]] = [
            lambda: t.Arithmetic(self.pick("+-*/"), sub("number"), sub("number"), span=SPAN),
            lambda: t.Rounded(sub("number"), self.pick(ROUNDINGS), self.pick([0, 2]), span=SPAN),
            lambda: t.Call("absolute of", sub("number"), span=SPAN),
            lambda: t.Call("length of", sub("text"), span=SPAN),
            lambda: t.Call(self.pick(["year of", "month of", "day of"]), sub("date"), span=SPAN),
        ]
        for of in ("texts", "records"):
            if scope.paths.get(of):
                options.append(lambda of=of: self.number_of(of, scope, depth))  # type: ignore[misc]
        if scope.customer:
            options += [
                lambda: self.aggregate(depth),
                lambda: t.PointsIn(name("rewards"), span=SPAN),
                lambda: t.NumberOf(path("orders"), self.filter(ORDERS, depth), span=SPAN),
                lambda: t.Quintile(self.ranked(depth), span=SPAN),
            ]
        return options

    def ranked(self, depth: int) -> t.Expression:
        return self.aggregate(depth) if self.chance() else path(self.pick(["whole", "money", "born", "level"]))

    def number_of(self, of: str, scope: Scope, depth: int) -> t.Expression:
        where = self.condition(self.inside(of, scope), depth - 1) if self.chance() else None
        return t.NumberOf(path(self.pick(scope.paths[of])), where, span=SPAN)

    def inside(self, of: str, scope: Scope) -> Scope:
        """At an element of a list."""
        mine = {"text": ["it"]} if of == "texts" else CHILD
        return replace(scope, customer=False, paths={**scope.paths, "records": [], "texts": [], **mine})

    def aggregate(self, depth: int) -> t.Expression:
        function = self.pick(AGGREGATES)
        if self.pick(range(4)) == 0 and function not in ("count", "recency", "first", "last", "most frequent"):
            return t.Aggregate(function, name("orders"), path("total"), self.filter(ORDERS, depth), None, span=SPAN)
        event, scope = self.event() if function in ("count", "recency") else (name("buy"), BUY)
        prop = None if function in ("count", "recency") else path(self.pick(["amount", "whole"]))
        if function == "distinct":
            prop = path(self.pick(["sku", "store.city", "color", "picked", "gift"]))
        window = None if function == "recency" else self.window()
        return t.Aggregate(function, event, prop, self.filter(scope, depth), window, span=SPAN)

    def picked(self, properties: list[str], scope: Scope, depth: int) -> list[Callable[[], t.Expression]]:
        """One of the values that events have, where the customer can be asked."""

        def made() -> t.Expression:
            function = self.pick(["first", "last", "smallest", "largest", "most frequent"])
            where, window = self.filter(BUY, depth), self.window()
            return t.Aggregate(function, name("buy"), path(self.pick(properties)), where, window, span=SPAN)

        return [made] * 2 if scope.customer and depth > 0 else []

    # ---- conditions

    def condition(self, scope: Scope, depth: int) -> t.Expression:
        """A condition."""
        options: list[Callable[[], t.Expression]] = [lambda: self.comparison(scope, depth)] * 3
        options += [lambda: self.range(scope, depth), lambda: self.listed(scope)]
        if scope.paths.get("text"):
            options += [lambda: self.text(scope, depth)]
        if scope.paths.get("geo"):
            options += [lambda: self.place(scope)]
        if scope.paths.get("boolean"):
            options += [lambda: path(self.pick(scope.paths["boolean"]))]
        options += [
            lambda of=of: self.about_list(of, scope, depth) for of in ("texts", "records") if scope.paths.get(of)
        ]  # type: ignore[misc]
        if depth > 0:
            options += [
                lambda: t.Not(self.condition(scope, depth - 1), span=SPAN),
                lambda: self.pick([t.AnyOf, t.AllOf])(
                    (self.condition(scope, depth - 1), self.condition(scope, depth - 1)), span=SPAN
                ),
            ]
        if scope.customer:
            options += [lambda: self.did(depth)] * 2 + [lambda: self.facet()] * 2 + [lambda: self.other(depth)] * 2
        found: t.Expression = self.pick(options)()
        return found

    def comparison(self, scope: Scope, depth: int) -> t.Expression:
        kind = self.pick([kind for kind in COMPARED if scope.paths.get(kind) or kind not in ("ordered", "color")])
        op = self.pick(["=", "!="] if kind in EQUAL_ONLY else COMPARISONS)
        left = self.value(kind, scope, depth)
        if kind in WORDS:
            right: t.Expression = path(self.pick(WORDS[kind]))
        else:
            right = self.value(kind, scope, depth - 1)
        return t.Compare(op, left, right, op_span=SPAN, span=SPAN)

    def range(self, scope: Scope, depth: int) -> t.Expression:
        value = self.value("number", scope, depth)
        if self.chance():
            return t.Known(value, self.chance(), span=SPAN)
        low, high = (t.Constant("integer", text, span=SPAN) for text in ("-3", "12"))
        return t.Between(value, low, high, self.chance(), span=SPAN)

    def listed(self, scope: Scope) -> t.Expression:
        kind = self.pick(["number", "date", "timestamp", "time"])
        items = tuple(t.Constant(*pair, span=SPAN) for pair in CONSTANTS[kind])
        return t.InList(self.value(kind, scope, 0), items, self.chance(), span=SPAN)

    def text(self, scope: Scope, depth: int) -> t.Expression:
        value = self.value("text", scope, depth)
        if self.chance():
            pattern = t.Text(self.pick(["a.c", "^[a-z]+$", "\\d{2}"]), span=SPAN)
            return t.Matches(value, pattern, self.chance(), self.chance(), span=SPAN)
        return t.TextTest(self.pick(TEXT_TESTS), value, self.value("text", scope, 0), self.chance(), span=SPAN)

    def place(self, scope: Scope) -> t.Expression:
        here = path(self.pick(scope.paths["geo"]))
        if self.chance():
            return t.InGeofence(here, name("stores"), span=SPAN)
        numbers = [t.Number(text, span=SPAN) for text in ("0.5", "42.36", "-71.05")]
        return t.Near(here, numbers[0], self.pick(["km", "miles"]), numbers[1], numbers[2], span=SPAN)

    def about_list(self, of: str, scope: Scope, depth: int) -> t.Expression:
        items = path(self.pick(scope.paths[of]))
        if self.chance():
            where = self.condition(self.inside(of, scope), depth - 1)
            return t.Quantified(self.pick(["any", "all", "none"]), items, where, span=SPAN)
        if of == "records" or self.chance():
            return t.Empty(items, self.chance(), span=SPAN)
        text = t.Constant("text", "a", span=SPAN)
        if self.chance():
            return t.TextTest(self.pick(["contains", "does not contain"]), items, text, self.chance(), span=SPAN)
        return t.ListTest(self.pick(LIST_TESTS), items, (text,), span=SPAN)

    def did(self, depth: int) -> t.Expression:
        event, scope = self.event()
        where, window = self.filter(scope, depth), self.window()
        quantity = t.Quantity(self.pick(["at least", "at most", "exactly"]), self.pick([1, 3]), span=SPAN)
        months = self.chance()
        unit = self.pick(["month", "year"] if months else ["day", "week"])
        options: list[Callable[[], t.Expression]] = [
            lambda: t.Did(event, where, self.pick([None, quantity]), window, span=SPAN),
            lambda: t.Did(event, where, None, window, True, span=SPAN),
            lambda: t.FirstDid(event, where, window, span=SPAN),
            lambda: t.StoppedDoing(event, where, self.window(open_ended=True), span=SPAN),
            lambda: t.ResumedDoing(event, where, window, self.duration(), span=SPAN),
            lambda: t.DoingRegularly(event, where, self.pick([1, 3]), unit, months or self.chance(), span=SPAN),
            lambda: self.sequence(depth),
            lambda: t.Exists(name("orders"), self.filter(ORDERS, depth), span=SPAN),
        ]
        found: t.Expression = self.pick(options)()
        return found

    def sequence(self, depth: int) -> t.Expression:
        first, scope = self.event()
        steps = [t.Step(first, self.filter(scope, depth), name("a"), False, None, span=SPAN)]
        for _ in range(self.pick([1, 2])):
            event, scope = self.event()
            known = ["a.sku"] if first.text != "open" else []
            inner = Scope({**scope.paths, "text": [*scope.paths.get("text", []), *known]})
            absent = self.chance()
            within = self.duration() if absent or self.chance() else None
            steps.append(t.Step(event, self.filter(inner, depth), None, absent, within, span=SPAN))
        return t.DidSequence(tuple(steps), self.window(), span=SPAN)

    def facet(self) -> t.Expression:
        window = self.window()
        vip, gone = name("vip"), name("gone")
        options = [
            t.HasTags("one", (vip,), span=SPAN),
            t.HasTags(self.pick(["any", "every", "no"]), (vip, gone), span=SPAN),
            t.HasOffer(name("half"), span=SPAN),
            t.OfferHappened(self.pick(["redeemed", "received"]), name("half"), window, span=SPAN),
            t.Subscribed(name("news"), self.chance(), span=SPAN),
            t.MessageHappened(
                self.pick(["was sent", "opened", "clicked"]), name("note"), name("gift"), None, None, window, span=SPAN
            ),
            t.MessageHappened("opened", None, None, name("mail"), None, window, span=SPAN),
            t.ReceivedCampaign(name("gift"), None, window, span=SPAN),
        ]
        found: t.Expression = self.pick(options)
        return found

    def other(self, depth: int) -> t.Expression:
        percent = t.Number("12.5", span=SPAN)
        options: list[Callable[[], t.Expression]] = [
            lambda: t.Rank(self.chance(), percent, None, self.ranked(depth), span=SPAN),
            lambda: t.Rank(self.chance(), None, 10, self.ranked(depth), span=SPAN),
            lambda: t.AnniversaryTest(path("born"), "today", None, span=SPAN),
            lambda: t.AnniversaryTest(
                path("joined"), self.pick(["next", "last"]), t.Length(2, "week", True, span=SPAN), span=SPAN
            ),
            lambda: t.Unchanged(path(self.pick(["tier", "level"])), self.duration(), span=SPAN),
            lambda: t.InStaticList(name("known"), span=SPAN),
            lambda: t.Sample(percent, t.Text("spring", span=SPAN), span=SPAN),
            lambda: t.InAudience(name("fans"), span=SPAN),
            lambda: t.Everyone(span=SPAN),
        ]
        found: t.Expression = self.pick(options)()
        return found


KINDS = ("any", "comparison", "range", "text", "list", "did", "facet", "other")
"""What a random condition can begin with; `any` is all of it, also what is joined by words."""


@st.composite
def conditions(draw: Draw, depth: int = 3, kind: str = "any") -> t.Expression:
    """A condition about a customer, of one of `KINDS`."""
    return of_kind(kind, Tree(draw), depth)


def of_kind(kind: str, tree: Tree, depth: int = 3) -> t.Expression:
    """A condition of one of `KINDS`, as the tree draws it."""
    match kind:
        case "comparison":
            return tree.comparison(CUSTOMER, depth)
        case "range":
            return tree.range(CUSTOMER, depth) if tree.chance() else tree.listed(CUSTOMER)
        case "text":
            return tree.text(CUSTOMER, depth)
        case "list":
            return tree.about_list(tree.pick(["texts", "records"]), CUSTOMER, depth)
        case "did":
            return tree.did(depth)
        case "facet":
            return tree.facet()
        case "other":
            return tree.other(depth)
    return tree.condition(CUSTOMER, depth)


class Rolled(Tree):
    """Random expressions that are the same every time, all kinds of them as likely as they look."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def pick(self, options: Any) -> Any:
        return self.random.choice(list(options))

    def chance(self) -> bool:
        return self.random.random() < 0.5
