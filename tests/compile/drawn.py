"""Typed predicates and values, drawn at random: whatever the nodes allow where an expression stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from small_world import DATES, DECIMALS, INTEGERS, NOWS, RATES, TEXTS, moments
from wide_world import (
    CUSTOMER_ATTRIBUTES,
    DATE,
    DECIMAL,
    DURATION,
    EVENT_PROPERTIES,
    INTEGER,
    LEVEL,
    NUMBERED,
    ORDER_PROPERTIES,
    ORDERS,
    PURCHASE,
    STORE_COLUMNS,
    TAGS,
    TEXT,
    TIME,
    TIMESTAMP,
    VISIT,
    Scene,
    con,
    of,
    own,
    scene_of,
    store,
)

from campaign_dsl.language.catalog.types import WEEKDAY, Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import LIST_TESTS, QUANTIFIERS, ROUNDINGS
from campaign_dsl.language.ir.walk import walk
from campaign_dsl.review.reference.judge import Judge
from campaign_dsl.review.reference.world import readable


@dataclass(frozen=True)
class Place:
    """Where an expression stands.

    Attributes:
        rows: the source whose filter it is in; None among customers.
        elements: the types of the elements of the lists it is in, the innermost first.
        aliases: steps before the one whose filter it is in.
    """

    now: datetime
    rows: ir.EventSource | None = None
    elements: tuple[Type, ...] = ()
    aliases: tuple[str, ...] = ()

    def inside(self, source: ir.EventSource, aliases: tuple[str, ...] = ()) -> Place:
        return Place(self.now, source, (), aliases)

    def element(self, type_: Type) -> Place:
        return Place(self.now, self.rows, (type_, *self.elements), self.aliases)

    def of_customers(self) -> Place:
        """Where ranks stand: they order all customers, whatever list a condition is about."""
        return Place(self.now)

    def stored(self) -> list[ir.Value]:
        """What can be read here without computing."""
        found: list[ir.Value] = []
        if self.rows is None:
            found += [own(name) for name in CUSTOMER_ATTRIBUTES]
            found += [store(own(key), name) for key in ("store", "second") for name in STORE_COLUMNS]
        elif self.rows.occurred_column is None:
            found += [of(name) for name in ORDER_PROPERTIES]
        else:
            found += [of(name) for name in EVENT_PROPERTIES]
            found += [store(of("store_id"), name) for name in STORE_COLUMNS]
            found += [of(name, alias) for alias in self.aliases for name in EVENT_PROPERTIES if name != "spot"]
            found += [store(of("store_id", alias), name) for alias in self.aliases for name in STORE_COLUMNS]
        for depth, type_ in enumerate(self.elements):
            found.append(ir.Element(type_, depth))
        found += [ir.Field(each, *part) for each in found if each.type.kind is Kind.RECORD for part in each.type.fields]
        return found


def constants(type_: Type, now: datetime) -> st.SearchStrategy[ir.Constant]:
    options: dict[Kind, Sequence[Any]] = {
        Kind.TEXT: [*TEXTS[:8], "s1", "run", "Boston", "a", "open", "UTC"],
        Kind.INTEGER: [*INTEGERS, 2**31, 10**12],
        Kind.DECIMAL: [*DECIMALS, *RATES],
        Kind.BOOLEAN: [True, False],
        Kind.DATE: [*DATES, now.date(), now.date() - timedelta(days=1)],
        Kind.TIMESTAMP: moments(now),
        Kind.TIME: [time(0), time(6), time(11), time(23, 59, 59), time(19, 0)],
        Kind.DURATION: [timedelta(days=1), timedelta(seconds=-1), timedelta(0), timedelta(days=90)],
        Kind.ENUM: type_.values,
    }
    return st.sampled_from(options[type_.kind]).map(
        lambda value: con(value, Type(type_.kind, False, type_.values, type_.ordered))
    )


SCALARS = [TEXT, INTEGER, DECIMAL, DATE, TIMESTAMP, LEVEL, TIME, DURATION]
UNITS = ["day", "week", "month", "year"]


@st.composite
def values(draw: st.DrawFn, type_: Type, place: Place, depth: int) -> ir.Value:
    """A value of a kind that is not a constant."""
    kind = type_.kind
    stored = [
        each for each in place.stored() if each.type.kind is kind and (kind is not Kind.LIST or each.type == type_)
    ]
    computed = depth > 0 and draw(st.sampled_from([True, True, False]))
    nearest = [each for each in stored if any(isinstance(part, ir.Element) for part in walk(each))]
    if nearest and draw(st.booleans()):
        return draw(st.sampled_from(nearest))
    if stored and not computed:
        return draw(st.sampled_from(stored))
    lower = max(0, depth - 1)
    aggregates = place.rows is None and depth > 0
    if depth > 0 and draw(st.integers(0, 9)) == 0:
        cases = st.tuples(predicates(place, 0), values(type_, place, 0))
        otherwise = draw(st.none() | values(type_, place, 0))
        return ir.Choice(tuple(draw(st.lists(cases, min_size=1, max_size=2))), otherwise, type_)
    match kind:
        case Kind.INTEGER:
            what = ["calculated", "length", "absolute", "rounded", "day"]
            what += ["listed"] if any(each.type.kind is Kind.LIST for each in place.stored()) else []
            what += ["age"] if place.rows is None else []
            what += ["aggregate", "quintile", "aggregate"] if aggregates else []
            return draw(_integers(draw(st.sampled_from(what)), place, lower))
        case Kind.DECIMAL:
            what = ["calculated", "divided", "divided", "rounded", "absolute"] + (
                ["aggregate"] * 2 if aggregates else []
            )
            return draw(_decimals(draw(st.sampled_from(what)), place, lower))
        case Kind.TEXT if depth > 0:
            if aggregates and draw(st.booleans()):
                return draw(_aggregates(TEXT, place, lower))
            return ir.Function("lower of", draw(values(TEXT, place, 0)), TEXT)
        case Kind.DATE if depth > 0:
            what = draw(st.sampled_from(["today", "ago", "shift"] + (["aggregate"] if aggregates else [])))
            count, unit = draw(st.integers(-400, 400)), draw(st.sampled_from(UNITS))
            if what == "aggregate":
                return draw(_aggregates(DATE, place, lower))
            if what == "shift":
                return ir.ShiftDay(draw(values(DATE, place, lower)), count, unit, DATE)
            return ir.Today(Type(Kind.DATE)) if what == "today" else ir.CalendarAgo(count // 20, unit, Type(Kind.DATE))
        case Kind.DATE:
            return ir.Today(Type(Kind.DATE))
        case Kind.TIMESTAMP if depth > 0:
            what = draw(st.sampled_from(["now", "ago", "shift", "shift"] + (["aggregate"] if aggregates else [])))
            if what == "aggregate":
                return draw(_aggregates(TIMESTAMP, place, lower))
            if what == "shift":
                op = draw(st.sampled_from("+-"))
                duration = draw(constants(DURATION, place.now) | values(DURATION, place, 0))
                return ir.Shift(op, draw(values(TIMESTAMP, place, lower)), duration, TIMESTAMP)
            return (
                ir.Now(Type(Kind.TIMESTAMP))
                if what == "now"
                else ir.Ago(draw(st.integers(-99, 9_999_999)), Type(Kind.TIMESTAMP))
            )
        case Kind.TIMESTAMP:
            return ir.Now(Type(Kind.TIMESTAMP))
        case Kind.DURATION:
            return ir.Elapsed(draw(values(TIMESTAMP, place, lower)), draw(values(TIMESTAMP, place, lower)), DURATION)
        case Kind.TIME:
            return ir.TimeOfDay(draw(values(TIMESTAMP, place, lower)), draw(zones(place)), TIME)
        case Kind.ENUM if aggregates:
            return draw(_aggregates(LEVEL, place, lower))
    return draw(st.sampled_from(stored)) if stored else draw(constants(type_, place.now))


def zones(place: Place) -> st.SearchStrategy[ir.Value | None]:
    texts = [each for each in place.stored() if each.type.kind is Kind.TEXT]
    named = [each for each in texts if isinstance(each, ir.Attribute | ir.Lookup) and each.name == "zone"]
    options = [st.none(), st.sampled_from(["Asia/Tokyo", "Mars/Base", "UTC"]).map(con)]
    if named:
        options.append(st.sampled_from(named))
    if texts:
        options.append(st.sampled_from(texts))
    return st.one_of(options)


@st.composite
def _integers(draw: st.DrawFn, what: str, place: Place, depth: int) -> ir.Value:
    match what:
        case "calculated":
            op = draw(st.sampled_from("+-*"))
            return ir.Arithmetic(
                op, *(draw(values(INTEGER, place, depth) | constants(INTEGER, place.now)) for _ in "ab"), INTEGER
            )
        case "length":
            return ir.Function("length of", draw(values(TEXT, place, depth)), INTEGER)
        case "absolute":
            return ir.Function("absolute of", draw(values(INTEGER, place, depth)), INTEGER)
        case "rounded":
            return ir.Round(draw(values(DECIMAL, place, depth)), draw(st.sampled_from(list(ROUNDINGS))), 0, INTEGER)
        case "day":
            name = draw(st.sampled_from(["year of", "month of", "day of"]))
            return ir.Function(name, draw(values(DATE, place, depth)), INTEGER)
        case "listed":
            items = draw(_lists(place))
            assert items.type.element is not None
            where = draw(st.none() | predicates(place.element(items.type.element), 0))
            return ir.ListCount(items, where, INTEGER)
        case "age":
            return ir.Age(own("born"), INTEGER)
        case "quintile":
            return ir.Quintile(draw(values(draw(st.sampled_from(SCALARS[:5])), place.of_customers(), depth)), INTEGER)
    return draw(_aggregates(INTEGER, place, depth))


@st.composite
def _decimals(draw: st.DrawFn, what: str, place: Place, depth: int) -> ir.Value:
    # Factors are small, so that nothing exceeds 38 digits.
    match what:
        case "calculated":
            small = [each for each in place.stored() if each.type.kind is Kind.DECIMAL]
            sides = [draw(st.sampled_from(small)) if small else draw(constants(DECIMAL, place.now)) for _ in "ab"]
            return ir.Arithmetic(draw(st.sampled_from("+-*")), *sides, DECIMAL)
        case "divided":
            types = st.sampled_from([DECIMAL, INTEGER])
            sides = [draw(values(draw(types), place, min(depth, 1)) | constants(draw(types), place.now)) for _ in "ab"]
            return ir.Arithmetic("/", *sides, DECIMAL)
        case "rounded":
            mode, digits = draw(st.sampled_from(list(ROUNDINGS))), draw(st.integers(1, 4))
            return ir.Round(draw(values(DECIMAL, place, depth)), mode, digits, DECIMAL)
        case "absolute":
            return ir.Function("absolute of", draw(values(DECIMAL, place, depth)), DECIMAL)
    return draw(_aggregates(DECIMAL, place, depth))


@st.composite
def _aggregates(draw: st.DrawFn, type_: Type, place: Place, depth: int) -> ir.Value:
    source = draw(st.sampled_from([PURCHASE, PURCHASE, VISIT, ORDERS, NUMBERED]))
    inside = place.inside(source)
    where = draw(st.none() | predicates(inside, depth))
    timed = source.occurred_column is not None
    window = draw(windows(place.now)) if timed else None
    functions = ["smallest", "largest", "most frequent"] + (["first", "last"] if timed else [])
    if type_.kind is Kind.INTEGER:
        functions = ["count", "distinct"] + (["recency"] if timed else []) + (["sum", *functions] if timed else [])
    if type_.kind is Kind.DECIMAL:
        functions = ["sum", "average", *functions]
    function = draw(st.sampled_from(functions))
    if function in ("count", "recency"):
        return ir.Aggregate(function, source, None, where, window, INTEGER)
    of_ = type_
    if function == "distinct":
        of_ = draw(st.sampled_from([TEXT, DECIMAL] if not timed else [TEXT, DECIMAL, LEVEL, TIME]))
    if function == "average" and timed:
        of_ = draw(st.sampled_from([INTEGER, DECIMAL]))
    value = draw(values(of_, inside, min(depth, 1)))
    return ir.Aggregate(function, source, value, where, window, type_)


@st.composite
def windows(draw: st.DrawFn, now: datetime) -> ir.Window:
    match draw(st.sampled_from(["ever", "rolling", "calendar", "bounded"])):
        case "rolling":
            return ir.Rolling(draw(st.sampled_from([3_600, 86_400, 7 * 86_400, 90 * 86_400])))
        case "calendar":
            return ir.Calendar(draw(st.integers(1, 4)), draw(st.sampled_from(UNITS)), draw(st.integers(0, 2)))
        case "bounded":
            bounds = st.none() | st.one_of(
                constants(TIMESTAMP, now),
                constants(DATE, now),
                st.just(ir.Now(Type(Kind.TIMESTAMP))),
                st.just(ir.Today(Type(Kind.DATE))),
                st.builds(ir.Ago, st.sampled_from([0, 3_600, 7 * 86_400]), st.just(Type(Kind.TIMESTAMP))),
                st.builds(ir.CalendarAgo, st.integers(-1, 3), st.sampled_from(UNITS), st.just(Type(Kind.DATE))),
            )
            return ir.Bounded(*(draw(bounds) for _ in range(4)))
    return ir.Bounded()


def _lists(place: Place) -> st.SearchStrategy[ir.Value]:
    return st.sampled_from([each for each in place.stored() if each.type.kind is Kind.LIST])


@st.composite
def predicates(draw: st.DrawFn, place: Place, depth: int = 2) -> ir.Predicate:
    stored = place.stored()
    kinds = {each.type.kind for each in stored}
    tests = ["compare"] * (6 if depth else 3) + ["between", "in", "known", "weekday"]
    tests += ["text", "matches"] if Kind.TEXT in kinds else []
    tests += ["true"] if Kind.BOOLEAN in kinds else []
    # More than three lists inside of each other is more than the parser of an older SQLite takes.
    nested = len(place.elements) < 3
    tests += ["listed", "listed", "empty", *["quantified"] * 4 * nested] if Kind.LIST in kinds else []
    tests += ["within"] if Kind.GEO in kinds and not place.elements else []
    tests += ["anniversary"] if Kind.DATE in kinds else []
    joins = ["and", "or", "not"] if depth else []
    tests += ["everyone"] + (["audience"] if depth and place.rows is None and not place.elements else [])
    if place.rows is None and (depth or not place.elements):
        tests += ["did", "did", "first", "resumed", "sequence", "rank", "static", "sample"]
    lower = max(0, depth - 1)
    what = draw(st.sampled_from([*tests, *joins, *joins]))
    match what:
        case "and" | "or":
            parts = tuple(draw(st.lists(predicates(place, lower), min_size=2, max_size=3)))
            return ir.AllOf(parts) if what == "and" else ir.AnyOf(parts)
        case "not":
            return ir.Negate(draw(predicates(place, lower)))
        case "everyone":
            return ir.Always()
        case "audience":
            return ir.InAudience("fans", draw(predicates(place, lower)))
        case "true":
            return ir.IsTrue(draw(st.sampled_from([each for each in stored if each.type.kind is Kind.BOOLEAN])))
        case "known":
            return ir.IsKnown(draw(st.sampled_from(stored) | values(draw(st.sampled_from(SCALARS)), place, depth)))
        case "text":
            op = draw(st.sampled_from(["contains", "does not contain", "starts with", "ends with"]))
            text = draw(constants(TEXT, place.now) | values(TEXT, place, 0))
            return ir.TextTest(op, draw(values(TEXT, place, depth)), text, draw(st.booleans()))
        case "matches":
            pattern = draw(
                st.sampled_from(["a", "^a", "b$", "[A-Z]", "^$", "a.b", "(a|b)+", "[^a]", "s[0-9]{1,2}", r"\."])
            )
            return ir.Matches(draw(values(TEXT, place, depth)), pattern, draw(st.booleans()), draw(st.booleans()))
        case "listed":
            items = draw(_lists(place))
            element = items.type.element
            assert element is not None
            if element.kind is Kind.RECORD:
                return ir.IsEmpty(items, False)
            options = st.sampled_from(TAGS).map(con) if element.kind is Kind.TEXT else constants(element, place.now)
            chosen = draw(st.lists(options, min_size=1, max_size=3))
            return ir.ListTest(draw(st.sampled_from(list(LIST_TESTS))), items, tuple(chosen))
        case "empty":
            return ir.IsEmpty(draw(_lists(place)), draw(st.booleans()))
        case "quantified":
            items = draw(_lists(place))
            assert items.type.element is not None
            where = draw(predicates(place.element(items.type.element), lower))
            return ir.Quantified(draw(st.sampled_from(list(QUANTIFIERS))), items, where)
        case "within":
            spot = draw(st.sampled_from([each for each in stored if each.type.kind is Kind.GEO]))
            circle = st.builds(
                ir.Circle,
                st.sampled_from([Decimal("42.3601"), Decimal(0), Decimal(90), Decimal("-33.9")]),
                st.sampled_from([Decimal("-71.0589"), Decimal(180), Decimal("18.4")]),
                st.sampled_from([1, 100, 5_000, 500_000, 20_000_000]),
            )
            return ir.Within(spot, tuple(draw(st.lists(circle, min_size=1, max_size=2))), None)
        case "anniversary":
            first = draw(st.integers(-10, 10) | st.integers(-400, 10))
            last = first + draw(st.sampled_from([0, 1, 7, 30, 364, 365, 366]))
            return ir.AnniversaryIn(draw(values(DATE, place, 0)), first, last)
        case "weekday":
            moment = draw(values(TIMESTAMP, place, 1))
            day: ir.Value = ir.DayOfWeek(moment, draw(zones(place)), WEEKDAY)
            if Kind.DATE in kinds and draw(st.booleans()):
                day = ir.Function("weekday of", draw(values(DATE, place, 0)), WEEKDAY)
            chosen = draw(st.lists(constants(WEEKDAY, place.now), min_size=1, max_size=3))
            return ir.InList(day, tuple(chosen), draw(st.booleans()))
        case "did" | "first" | "resumed" | "sequence" | "rank" | "static" | "sample":
            return draw(_of_customers(what, place, lower))
    return draw(_comparisons(what, place, depth))


@st.composite
def _comparisons(draw: st.DrawFn, what: str, place: Place, depth: int) -> ir.Predicate:
    element = [each for each in place.elements[:1] if each.kind is not Kind.RECORD]
    fields = [type_ for each in place.elements[:1] for _, type_ in each.fields]
    type_ = draw(st.sampled_from([*SCALARS, INTEGER, DECIMAL, *element * 8, *fields * 3]))
    near = draw(
        st.sampled_from({Kind.INTEGER: [INTEGER, DECIMAL], Kind.DATE: [DATE, TIMESTAMP]}.get(type_.kind, [type_]))
    )
    value = draw(values(type_, place, depth))
    other = constants(near, place.now) | values(near, place, min(depth, 1))
    match what:
        case "between":
            return ir.Between(value, draw(other), draw(other), draw(st.booleans()))
        case "in":
            items = draw(st.lists(constants(near, place.now), min_size=1, max_size=3))
            return ir.InList(value, tuple(items), draw(st.booleans()))
    op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    sides = [value, draw(other)]
    return ir.Compare(op, *(sides if draw(st.booleans()) else reversed(sides)))


@st.composite
def _of_customers(draw: st.DrawFn, what: str, place: Place, depth: int) -> ir.Predicate:
    source = draw(st.sampled_from([PURCHASE, PURCHASE, VISIT]))
    match what:
        case "static":
            return ir.InStaticList("vip", ("c1", "ç'2", "nobody", "c3"))
        case "sample":
            return ir.Sample(Decimal(draw(st.sampled_from(["0", "12.5", "50", "100"]))), "sample/spring")
        case "rank":
            by = draw(values(draw(st.sampled_from(SCALARS)), place.of_customers(), depth + 1))
            largest = draw(st.booleans())
            if draw(st.booleans()):
                return ir.Rank(by, None, draw(st.integers(1, 4)), largest)
            return ir.Rank(by, Decimal(draw(st.sampled_from(["0.1", "10", "33.3", "50", "100"]))), None, largest)
        case "sequence":
            return draw(sequences(place, depth))
    where = draw(st.none() | predicates(place.inside(source), depth))
    window = draw(windows(place.now))
    match what:
        case "first":
            return ir.FirstDid(source, where, window)
        case "resumed":
            return ir.Resumed(source, where, window, draw(st.sampled_from([1, 3_600, 30 * 86_400])))
    source = draw(st.sampled_from([source, source, ORDERS, NUMBERED]))
    if source.occurred_column is None:
        where, window_ = draw(st.none() | predicates(place.inside(source), depth)), None
    else:
        window_ = window
    least = draw(st.integers(0, 2))
    most = draw(st.none() | st.integers(max(least, 0), 3)) if least else draw(st.integers(0, 2))
    return ir.Did(source, where, window_, least, most)


@st.composite
def sequences(draw: st.DrawFn, place: Place, depth: int) -> ir.Sequence:
    steps: list[ir.Step] = []
    aliases: list[str] = []
    for number in range(draw(st.integers(2, 3))):
        source = draw(st.sampled_from([PURCHASE, PURCHASE, VISIT]))
        where = draw(st.none() | predicates(place.inside(source, tuple(aliases)), depth))
        if aliases and draw(st.booleans()):
            same = ir.Compare("=", of("sku"), of("sku", aliases[-1]))
            where = same if where is None else ir.AllOf((same, where))
        absent = bool(number) and draw(st.booleans())
        seconds = draw(st.sampled_from([3_600, 86_400, 7 * 86_400, 90 * 86_400]))
        alias = None if absent or draw(st.booleans()) else f"step{number}"
        steps.append(
            ir.Step(source, where, alias, absent, seconds if absent or (number and draw(st.booleans())) else None)
        )
        if alias:
            aliases.append(alias)
    return ir.Sequence(tuple(steps), draw(windows(place.now)))


nows = st.sampled_from(NOWS)
seeds = st.integers(0, 2**32 - 1)
DAYS = [ir.Rolling(days * 86_400) for days in (1, 2, 7, 90, 1_000)]


@st.composite
def side_by_side(draw: st.DrawFn) -> tuple[Scene, ir.AllOf]:
    """Of someone who did something lately: what she has in several windows, or not quite."""
    scene = scene_of(draw(nows), draw(seeds), customers=4, events=160)
    for row in scene.rows["events"]:
        row["event_id"] = row["event_id"] and row["event_id"] % 12  # few ids, each in several windows
    world, clock = scene.world(), scene.clock
    everyone = list(readable(world, clock))
    assume(everyone)
    judge = Judge(world, clock, everyone[draw(st.integers(0, len(everyone) - 1))])
    place = Place(clock.as_of).inside(PURCHASE)
    where = draw(st.none() | predicates(place, 0))
    amounts = [of("quantity"), of("amount"), draw(values(INTEGER, place, 0))]

    def question() -> ir.Predicate:
        window, over = draw(st.sampled_from(DAYS)), draw(st.sampled_from([None, None, *amounts]))
        kind = INTEGER if over is None else over.type
        total = ir.Aggregate("sum" if over is not None else "count", PURCHASE, over, where, window, kind)
        there = judge.value(total)
        there = 0 if there is None else there + draw(st.sampled_from([0, 0, 0, 1, -1]))
        if over is None and there >= 0 and draw(st.booleans()):
            return ir.Did(PURCHASE, where, window, there, draw(st.sampled_from([None, there, there + 1])))
        if draw(st.booleans()):
            return ir.Compare(draw(st.sampled_from(["=", "<=", ">="])), total, con(there, kind))
        return ir.Between(total, con(there - 1, kind), con(there, kind), False)

    lately = ir.Did(draw(st.sampled_from([PURCHASE, VISIT])), None, draw(st.sampled_from(DAYS[:2])), 1, None)
    items = [lately, *(question() for _ in range(draw(st.integers(2, 4))))]
    nested = ir.AnyOf((items[-1], ir.Negate(items[-2])))
    return scene, ir.AllOf(tuple(draw(st.permutations([*items, nested]))))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Scene, list[ir.Predicate]]:
    """A world, and what to ask about it."""
    now = draw(nows)
    return scene_of(now, draw(seeds)), draw(st.lists(predicates(Place(now)), min_size=1, max_size=4))


@st.composite
def valued(draw: st.DrawFn) -> tuple[Scene, list[ir.Value]]:
    """A world, and what to compute for each customer."""
    now = draw(nows)
    asked = st.sampled_from([*SCALARS, INTEGER, DECIMAL]).flatmap(lambda type_: values(type_, Place(now), 2))
    return scene_of(now, draw(seeds)), draw(st.lists(asked, min_size=1, max_size=4))
