"""A small world that is as awkward as the real one: its catalog, random rows of it, and predicates about it as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st
from oracle import World
from warehouse import ask, dialect
from warehouse import load as load_rows

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.semantics.expressions import Names, attribute, predicate
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax.assemble import parse_expression

CATALOG_TEXT = """\
customers:
  table: customers
  key: id
  time_zone: zone
  birth_date: born
  attributes:
    id:     {type: text, nullable: false}
    zone:   {type: text, column: time_zone}
    tomorrow: {type: text}
    born:   {type: date}
    joined: {type: date, column: "joined \\"on\\""}
    seen:   {type: timestamp}
    note:   {type: text}
    other:  {type: text}
    flag:   {type: boolean}
    active: {type: boolean, nullable: false}
    points: {type: integer}
    big:    {type: integer}
    price:  {type: decimal}
    rate:   {type: decimal}
    tier:   {type: enum, values: [member, silver, gold, platinum], ordered: true, nullable: false}
    level:  {type: enum, values: [member, silver, gold, platinum], ordered: true}
    color:  {type: enum, values: [red, green, "blue's"]}
events:
  purchase:
    table: events
    kind: {column: kind, equals: "pur'chase"}
    received_at: received_at
    properties:
      sku:      {type: text}
      quantity: {type: integer}
      amount:   {type: decimal}
      gift:     {type: boolean}
      shipped:  {type: timestamp}
      picked:   {type: date}
      size:     {type: enum, values: [small, medium, large], ordered: true}
  visit:
    table: visits
    id: visit_id
    customer: member
    occurred_at: at
"""


def load() -> Catalog:
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", CATALOG_TEXT))
    assert catalog is not None, problems
    return catalog


CATALOG = load()
TEXT, DAY, INSTANT, YES = pa.string(), pa.date32(), pa.timestamp("us", tz="UTC"), pa.bool_()
MONEY, SHARE = pa.decimal128(12, 2), pa.decimal128(10, 4)
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "customers": {
        "id": TEXT,
        "time_zone": TEXT,
        "tomorrow": TEXT,
        "born": DAY,
        'joined "on"': DAY,
        "seen": INSTANT,
        "note": TEXT,
        "other": TEXT,
        "flag": YES,
        "active": YES,
        "points": pa.int32(),
        "big": pa.int64(),
        "price": MONEY,
        "rate": SHARE,
        "tier": TEXT,
        "level": TEXT,
        "color": TEXT,
    },
    "events": {
        "event_id": pa.int64(),
        "customer_id": TEXT,
        "kind": TEXT,
        "occurred_at": INSTANT,
        "received_at": INSTANT,
        "sku": TEXT,
        "quantity": pa.int32(),
        "amount": MONEY,
        "gift": YES,
        "shipped": INSTANT,
        "picked": DAY,
        "size": TEXT,
    },
    "visits": {"visit_id": TEXT, "member": TEXT, "at": INSTANT},
}
"""The tables, with types as narrow as a warehouse may have them. Columns stand in the order of the rows' values."""

# ---------------------------------------------------------------------------------------------------------- values

NOWS = [
    datetime.fromisoformat(text)
    for text in (
        "2026-06-15T12:00:00Z",
        "2026-02-28T23:30:00Z",
        "2026-03-01T04:30:00Z",
        "2024-02-29T12:00:00Z",
        "2027-01-01T00:00:00Z",
        "2026-03-08T07:00:00Z",
        "2026-11-01T05:59:59.999999Z",
    )
]
ZONES = [
    *("America/New_York", "Asia/Tokyo", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Apia", "America/Sao_Paulo"),
    *("UTC", "EST5EDT", "Asia/Kathmandu", "Mars/Base", "", "BST", "america/new_york", "EST5", None),
]
TEXTS = ["", "a", "A", "ab", "aB%", "%", "_", "a_b", "a\\b", "\\", "O'Neil", '"', "B", "b "]
TEXTS += ["ÅÉ", "åé", "ß", "😀", "é", "ǆ"]
DATES = [date(1900, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2012, 12, 31), date(2013, 1, 1), date(2150, 1, 1)]
DATES += [
    date(1999, 2, 28),
    date(2000, 2, 29),
    date(2004, 2, 29),
    date(2008, 2, 28),
    date(2008, 2, 29),
    date(2008, 3, 1),
]
DATES += [date(2013, 6, day) for day in (14, 15, 16)] + [date(2026, 6, day) for day in (14, 15, 16)]
DATES += [date(2026, 2, 28), date(2026, 3, 1)]
INTEGERS = [-(2**31), -1, 0, 1, 2, 3, 5, 13, 18, 100, 2**31 - 1]
BIG = [-(2**63), -1, 0, 1, 2**31, 2**62, 2**63 - 1]
DECIMALS = [Decimal(text) for text in ("-1.50", "0.00", "0.10", "0.20", "0.30", "1.00", "2.50", "99.99", "1000000.01")]
RATES = [Decimal(text) for text in ("-0.5000", "0.0000", "0.0001", "1.0000", "1.0750", "0.3333")]
SIZES = ["small", "medium", "large", "huge"]
WORDS = ["member", "silver", "gold", "platinum"]
COLORS = ["red", "green", "blue's", "pink"]


def moments(now: datetime) -> list[datetime]:
    """Instants around ``now``, on the edges of windows and of days."""
    day, tiny = timedelta(days=1), timedelta(microseconds=1)
    edges = [now, now + tiny, now - tiny, now - 90 * day, now - 90 * day + tiny, now - 90 * day - tiny]
    edges += [now + day, now - day, now - timedelta(hours=1), now - 7 * day, now - 400 * day]
    midnights = [
        datetime(each.year, each.month, each.day, hour, tzinfo=UTC)
        for each in (now, now - day, now - 2 * day, now - 89 * day)
        for hour in (0, 4, 5, 10, 15, 23)
    ]
    return [*edges, *midnights]


def world_of(now: datetime, seed: int, customers: int = 10, events: int = 40) -> World:
    """A random world; the same for the same seed."""
    random = Random(seed)
    one = random.choice
    edges = moments(now)

    def maybe(options: Sequence[Any]) -> Any:
        return None if random.random() < 0.2 else one(options)

    def moment() -> datetime | None:
        if random.random() < 0.1:
            return None
        return one(edges) if random.random() < 0.6 else now - timedelta(seconds=random.randrange(200 * 86_400))

    rows = [
        {
            "id": None if random.random() < 0.05 else one([f"c{number}", f"c{number}", f"ç'{number}"]),
            "zone": one(ZONES) if random.random() < 0.7 else one(ZONES[:6]),
            "tomorrow": maybe(TEXTS),
            "born": maybe(DATES),
            "joined": maybe(DATES),
            "seen": moment(),
            "note": maybe(TEXTS),
            "other": maybe(TEXTS),
            "flag": maybe([True, False]),
            "active": one([True, False]),
            "points": maybe(INTEGERS),
            "big": maybe(BIG),
            "price": maybe(DECIMALS),
            "rate": maybe(RATES),
            "tier": one(WORDS),
            "level": maybe([*WORDS, "unheard"]),
            "color": maybe(COLORS),
        }
        for number in range(random.randrange(1, customers + 1))
    ]
    owners = [*(row["id"] for row in rows), "nobody", None]
    bought = [
        {
            "event_id": None if random.random() < 0.05 else random.randrange(events // 2),
            "customer_id": one(owners),
            "kind": one(["pur'chase", "pur'chase", "pur'chase", "purchase", None]),
            "occurred_at": moment(),
            "received_at": moment(),
            "sku": maybe(TEXTS),
            "quantity": maybe(INTEGERS),
            "amount": maybe(DECIMALS),
            "gift": maybe([True, False]),
            "shipped": moment(),
            "picked": maybe(DATES),
            "size": maybe(SIZES),
        }
        for _ in range(random.randrange(events))
    ]
    names = ["v1", "v2", "v3"]
    visits = [{"visit_id": maybe(names), "member": one(owners), "at": moment()} for _ in range(random.randrange(9))]
    return World(
        customers=rows,
        events={"events": bought, "visits": visits},
        key="id",
        as_of=now,
        zone_attribute=one(["zone", "zone", None]),
        default_zone=one(["America/New_York", "Pacific/Auckland", "UTC"]),
        leap_day=one(["feb_28", "mar_1"]),
    )


seeds = st.integers(0, 2**32 - 1)

# ------------------------------------------------------------------------------------------------------ predicates


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat(" ") + "Z"


def literals(kind: str, now: datetime) -> st.SearchStrategy[str]:
    local = st.sampled_from(["2026-03-08 02:30", "2026-06-15 00:00"])
    made: dict[str, st.SearchStrategy[str]] = {
        "text": st.sampled_from(TEXTS).map(quoted),
        "integer": st.sampled_from([*INTEGERS, 2**31, 10**17]).map(str),
        "decimal": st.sampled_from([*DECIMALS, *RATES]).map(str),
        "date": st.sampled_from(DATES).map(str),
        "timestamp": st.sampled_from(moments(now)).map(instant) | local,
        "word": st.sampled_from(WORDS) | st.sampled_from(WORDS).map(quoted),
        "color": st.sampled_from(["red", "green", '"blue\'s"']),
        "size": st.sampled_from(["small", "medium", "large"]),
        "boolean": st.sampled_from(["true", "false"]),
    }
    return made[kind]


CUSTOMER = {
    "text": ["note", "other", "id", "tomorrow", "zone"],
    "integer": ["points", "big", "age"],
    "decimal": ["price", "rate"],
    "date": ["born", "joined"],
    "timestamp": ["seen"],
    "word": ["tier", "level"],
    "color": ["color"],
    "boolean": ["flag", "active"],
}
EVENT = {
    "text": ["sku"],
    "integer": ["quantity"],
    "decimal": ["amount"],
    "date": ["picked"],
    "timestamp": ["shipped"],
    "size": ["size"],
    "boolean": ["gift"],
}
ORDERED = ("text", "integer", "decimal", "date", "timestamp", "word", "size")


def windows(now: datetime) -> st.SearchStrategy[str]:
    day = st.sampled_from([now.date(), now.date() - timedelta(days=1), now.date() - timedelta(days=90)]).map(str)
    bound = st.sampled_from(["since", "after", "until", "before"])
    return st.one_of(
        st.sampled_from(["ever", "in last 90 days", "in last 1 hour", "in last 24 hours", "in last 13 weeks"]),
        st.sampled_from([1, 2, 90]).map(lambda count: f"in last {count} calendar days"),
        st.builds(lambda word, when: f"{word} {when}", bound, day),
        st.builds(lambda word, when: f"{word} {when}", bound, literals("timestamp", now)),
    )


@st.composite
def values(draw: st.DrawFn, kind: str, now: datetime, names: Mapping[str, list[str]], depth: int) -> str:
    """A value of ``kind`` that is not a constant."""
    choices = ["name"]
    if depth and kind in ("integer", "decimal"):
        choices.append("arithmetic")
    if depth and names is CUSTOMER and kind in ("integer", "decimal", "text", "date", "timestamp", "size"):
        choices.append("aggregate")
    if kind not in names:
        choices = ["aggregate"]
    match draw(st.sampled_from(choices)):
        case "name":
            return draw(st.sampled_from(names[kind]))
        case "arithmetic":
            # Decimals are multiplied with what is small, so that nothing exceeds 38 digits.
            op = draw(st.sampled_from("+-*"))
            small = kind == "decimal"
            left = draw(values(kind, now, names, 0))
            other = draw(st.sampled_from(["integer", kind]))
            right = draw(values(other, now, names, 0) if not small else st.sampled_from(names["decimal"]))
            if draw(st.booleans()):
                right = draw(literals("decimal" if small else other, now)).replace("-", "- ")
            text = f"{left} {op} {right}"
            return f"({text})" if draw(st.booleans()) else text
    functions = ["smallest", "largest"] + (["sum", "average"] if kind in ("integer", "decimal") else [])
    function = draw(st.sampled_from(functions))
    property_kind = "integer" if function == "average" and draw(st.booleans()) else kind
    if kind == "integer" and (function == "average" or draw(st.booleans())):
        event = draw(st.sampled_from(["purchase", "visit"]))
        return f"count of {event}{draw(filters(now, depth)) if event == 'purchase' else ''} {draw(windows(now))}"
    prop = EVENT[property_kind][0]
    return f"{function} of purchase.{prop}{draw(filters(now, depth))} {draw(windows(now))}"


@st.composite
def filters(draw: st.DrawFn, now: datetime, depth: int) -> str:
    return f" where {draw(predicates(now, EVENT, max(0, depth - 1)))}" if draw(st.booleans()) else ""


@st.composite
def predicates(draw: st.DrawFn, now: datetime, names: Mapping[str, list[str]] = CUSTOMER, depth: int = 2) -> str:
    """A typed predicate as text."""
    joins = ["not", "or", "and"] if depth else []
    events = ["did", "did not", "counted"] if names is CUSTOMER else []
    tests = ["compare", "compare", "between", "in", "known", "text", "boolean", "pair", "days"]
    what = draw(st.sampled_from([*tests, *events, *joins, *joins]))
    lower = max(0, depth - 1)
    match what:
        case "and" | "or":
            parts = draw(st.lists(predicates(now, names, lower), min_size=2, max_size=3))
            return "(" + f" {what} ".join(parts) + ")"
        case "not":
            return f"not ({draw(predicates(now, names, lower))})"
        case "did" | "did not":
            event = draw(st.sampled_from(["purchase", "purchase", "visit"]))
            where = draw(filters(now, depth)) if event == "purchase" else ""
            return f"({what} {event}{where} {draw(windows(now))})"
        case "counted":
            kind = draw(st.sampled_from(["at least", "at most", "exactly"]))
            count = draw(st.integers(1 if kind == "at least" else 0, 3))
            return f"(did purchase{draw(filters(now, depth))} {kind} {count} times {draw(windows(now))})"
        case "known":
            kind = draw(st.sampled_from(list(names)))
            value = draw(values(kind, now, names, depth))
            return f"{value} is {draw(st.sampled_from(['known', 'missing']))}"
        case "text":
            op = draw(st.sampled_from(["contains", "does not contain", "starts with", "ends with"]))
            value = draw(values("text", now, names, 0))
            text = draw(literals("text", now) | values("text", now, names, 0))
            return f"{value} {op} {text}{draw(st.sampled_from(['', ' ignoring case']))}"
        case "boolean":
            return draw(values("boolean", now, names, 0))
        case "days":
            one, other = draw(st.permutations(["date", "timestamp"]))
            value = draw(values(one, now, names, depth))
            if draw(st.booleans()):
                op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
                return f"{value} {op} {draw(literals(other, now) | values(other, now, names, 0))}"
            items = draw(st.lists(literals(one, now) | literals(other, now), min_size=1, max_size=3))
            return f"{value} {draw(st.sampled_from(['in', 'not in']))} [{', '.join(items)}]"
    kind = draw(st.sampled_from([each for each in names if each in ORDERED]))
    value = draw(values(kind, now, names, depth))
    near = draw(st.sampled_from([kind, "decimal" if kind == "integer" else kind]))
    match what:
        case "compare":
            op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
            sides = [value, draw(literals(near, now))]
            return f" {op} ".join(sides if draw(st.booleans()) else reversed(sides))
        case "pair":
            op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
            return f"{value} {op} {draw(values(kind, now, names, depth))}"
        case "between":
            word = draw(st.sampled_from(["between", "not between"]))
            low = draw(literals(kind, now) | values(kind, now, names, 0) if kind in names else literals(kind, now))
            return f"{value} {word} {low} and {draw(literals(near, now))}"
    items = draw(st.lists(literals(near, now), min_size=1, max_size=4))
    return f"{value} {draw(st.sampled_from(['in', 'not in']))} [{', '.join(items)}]"


def typed(text: str) -> tuple[nodes.Predicate | None, tuple[Diagnostic, ...]]:
    """The typed predicate of a text, and what is wrong with it."""
    problems = Problems()
    source = SourceFile("<predicate>", text)
    node = parse_expression(Snippet.of(source, 0, len(text)), problems)
    names = Names(CATALOG, lambda name, problems: None, "America/New_York")
    return (None if node is None else predicate(node, names, problems)), problems.sorted()


# ------------------------------------------------------------------------------------------------------- in an engine


def _by_column(customer: Mapping[str, Any]) -> dict[str, Any]:
    return {CATALOG.customers.attributes[name].column_of(name): value for name, value in customer.items()}


@dataclass
class Database:
    """The rows of a world in the engine under test. The latest one is there, and no other."""

    world: World

    @classmethod
    def of(cls, world: World) -> Database:
        customers = [_by_column(each) for each in world.customers]
        load_rows(COLUMNS, {"customers": customers, **world.events})
        return cls(world)

    def matching(self, predicate: nodes.Predicate) -> list[Any]:
        """The keys of those for whom the predicate holds, in order. Nodes that the engine lacks are for the caller."""
        world = self.world
        own = attribute(CATALOG, world.zone_attribute) if world.zone_attribute else None
        query = audience_query(predicate, ZoneRule(own, world.default_zone), world.leap_day, CATALOG, dialect())
        return [row["customer_id"] for row in ask(render(bind(query, world.as_of, ()), dialect().name))]
