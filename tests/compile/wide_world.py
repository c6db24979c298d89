"""A world with everything that typed nodes can speak of, in DuckDB and for the interpreter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
from small_world import (
    BIG,
    CATALOG,
    DATES,
    DECIMALS,
    INTEGERS,
    RATES,
    TEXTS,
    WORDS,
    ZONES,
    moments,
)
from sqlglot import exp
from warehouse import as_kind, ask, dialect, lists_can_be_missing, load, no_number

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.assembly import assembled
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.customers import customers
from campaign_dsl.compile.sql.predicates import CUSTOMER, Lowering, Shared
from campaign_dsl.compile.sql.shared import readable as shared_readable
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.ir.walk import attributes_in
from campaign_dsl.review.reference.judge import Judge, members
from campaign_dsl.review.reference.world import Clock, World, readable

# ---------------------------------------------------------------------------------------------------------- types

TEXT, INTEGER, DECIMAL = (Type(kind, True) for kind in (Kind.TEXT, Kind.INTEGER, Kind.DECIMAL))
BOOLEAN, DATE, TIMESTAMP = (Type(kind, True) for kind in (Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP))
DURATION, TIME, GEO = Type(Kind.DURATION, True), Type(Kind.TIME, True), Type(Kind.GEO, True)
LEVEL = Type(Kind.ENUM, True, tuple(WORDS), ordered=True)
PLACE = Type(Kind.RECORD, True, fields=(("city", TEXT), ("floor", INTEGER), ("since", DATE)))
INTERESTS, SCORES, DAYS, PLACES = (Type(Kind.LIST, True, element=each) for each in (TEXT, INTEGER, DATE, PLACE))

_RECORD = pa.struct([("city", pa.string()), ("floor", pa.int32()), ("since", pa.date32())])
_INSTANT = pa.timestamp("us", tz="UTC")
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "customers": {
        "id": pa.string(),
        "time_zone": pa.string(),
        "born": pa.date32(),
        "seen": _INSTANT,
        "note": pa.string(),
        "flag": pa.bool_(),
        "points": pa.int32(),
        "big": pa.int64(),
        "price": pa.decimal128(12, 2),
        "rate": pa.decimal128(10, 4),
        "level": pa.string(),
        "interests": pa.list_(pa.string()),
        "scores": pa.list_(pa.int32()),
        "days": pa.list_(pa.date32()),
        "address": _RECORD,
        "addresses": pa.list_(_RECORD),
        "north": pa.float64(),
        "east": pa.float64(),
        "store": pa.string(),
        "second": pa.string(),
    },
    "events": {
        "event_id": pa.int64(),
        "customer_id": pa.string(),
        "kind": pa.string(),
        "occurred_at": _INSTANT,
        "received_at": _INSTANT,
        "sku": pa.string(),
        "quantity": pa.int32(),
        "amount": pa.decimal128(12, 2),
        "gift": pa.bool_(),
        "shipped": _INSTANT,
        "size": pa.string(),
        "tags": pa.list_(pa.string()),
        "store_id": pa.string(),
        "north": pa.float64(),
        "east": pa.float64(),
    },
    "orders": {"owner": pa.string(), "number": pa.string(), "status": pa.string(), "total": pa.decimal128(12, 2)},
    "stores": {
        "id": pa.string(),
        "city": pa.string(),
        "zone": pa.string(),
        "opened": pa.date32(),
        "area": pa.int32(),
        "level": pa.string(),
    },
}

PURCHASE = ir.EventSource(
    "purchase", "events", "kind", "pur'chase", "event_id", "customer_id", "occurred_at", "received_at"
)
VISIT = ir.EventSource("visit", "events", "kind", "visit", None, "customer_id", "occurred_at", None)
ORDERS = ir.EventSource("orders", "orders", None, None, None, "owner", None, None)
NUMBERED = ir.EventSource("numbered", "orders", None, None, "number", "owner", None, None)
STORES = ir.Dimension("store", "stores", "id")

CUSTOMER_ATTRIBUTES = {
    "id": Type(Kind.TEXT),
    "zone": TEXT,
    "born": DATE,
    "seen": TIMESTAMP,
    "note": TEXT,
    "flag": BOOLEAN,
    "points": INTEGER,
    "big": INTEGER,
    "price": DECIMAL,
    "rate": DECIMAL,
    "level": LEVEL,
    "interests": INTERESTS,
    "scores": SCORES,
    "days": DAYS,
    "address": PLACE,
    "addresses": PLACES,
    "home": GEO,
    "store": TEXT,
    "second": TEXT,
}
EVENT_PROPERTIES = {
    "sku": TEXT,
    "quantity": INTEGER,
    "amount": DECIMAL,
    "gift": BOOLEAN,
    "shipped": TIMESTAMP,
    "occurred_at": TIMESTAMP,
    "size": LEVEL,
    "tags": INTERESTS,
    "store_id": TEXT,
    "spot": GEO,
}
ORDER_PROPERTIES = {"status": TEXT, "total": DECIMAL}
STORE_COLUMNS = {"city": TEXT, "zone": TEXT, "opened": DATE, "area": INTEGER, "level": LEVEL}


def own(name: str) -> ir.Attribute:
    if name == "home":
        return ir.Attribute("home", "north", GEO, "east")
    return ir.Attribute(name, "time_zone" if name == "zone" else name, CUSTOMER_ATTRIBUTES[name])


def of(name: str, alias: str | None = None) -> ir.Property:
    if name == "spot":
        return ir.Property("spot", "north", GEO, alias, "east")
    return ir.Property(name, name, (EVENT_PROPERTIES | ORDER_PROPERTIES)[name], alias)


def store(key: ir.Value, name: str) -> ir.Lookup:
    return ir.Lookup(key, STORES, name, name, STORE_COLUMNS[name])


def con(value: Any, type_: Type | None = None) -> ir.Constant:
    kinds = {
        bool: Kind.BOOLEAN, int: Kind.INTEGER, Decimal: Kind.DECIMAL, str: Kind.TEXT, date: Kind.DATE,
        datetime: Kind.TIMESTAMP, time: Kind.TIME, timedelta: Kind.DURATION,
    }  # fmt: skip
    return ir.Constant(value, type_ or Type(kinds[type(value)]))


# ---------------------------------------------------------------------------------------------------------- worlds


@dataclass(frozen=True)
class Scene:
    """Rows as the tables have them, by the names of the columns, and what the campaign says about calendars."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    clock: Clock

    def world(self) -> World:
        """The same for the interpreter: customers by attribute."""
        customers = []
        for row in self.rows["customers"]:
            home = None if row["north"] is None or row["east"] is None else (row["north"], row["east"])
            customers.append({**row, "zone": row["time_zone"], "home": home})
        return World("id", customers, {name: rows for name, rows in self.rows.items() if name != "customers"})

    def load(self) -> None:
        """The same for the engine under test; the latest scene is there, and no other."""
        load(COLUMNS, self.rows)

    def everyone(self) -> list[Any]:
        return sorted(each["id"] for each in readable(self.world(), self.clock))


def sql(predicate: ir.Predicate, clock: Clock) -> str:
    query = audience_query(predicate, clock.zone, clock.leap_day, CATALOG, dialect())
    return render(bind(query, clock.as_of, ()), dialect().name)


def asked(predicate: ir.Predicate, clock: Clock) -> list[Any]:
    """For whom a predicate holds in the scene that was loaded last."""
    return [row["customer_id"] for row in ask(sql(predicate, clock))]


def answers(scene: Scene, value: ir.Value) -> dict[Any, Any]:
    """What a value is for each readable customer, as SQL says."""
    clock, shared = scene.clock, Shared(dialect(), "id", scene.clock.leap_day)
    low = Lowering(shared)
    made = b.named(low.value(value), "answer")
    used = {each.name: each for each in attributes_in(value)}
    query = low.joined(exp.select(b.named(b.column("id", CUSTOMER), "id"), made).from_(b.table(CUSTOMER)))
    bodies = [(CUSTOMER, customers(shared, CATALOG, clock.zone, used), None), *shared.named()]
    whole = assembled(query.where(*shared_readable("id")), bodies, shared)
    scene.load()
    found = ask(render(bind(whole, clock.as_of, ()), dialect().name))
    return {row["id"]: as_kind(row["answer"], value.type.kind) for row in found}


def computed(scene: Scene, value: ir.Value) -> dict[Any, Any]:
    """What a value is for each readable customer, as the interpreter says."""
    world = scene.world()
    everyone = readable(world, scene.clock)
    return {each["id"]: Judge(world, scene.clock, each).value(value) for each in everyone}


def disagreements(scene: Scene, predicates: Sequence[ir.Predicate]) -> list[str]:
    """Where SQL and the interpreter differ about who is in, or SQL about who is out."""
    world, everyone, found = scene.world(), scene.everyone(), []
    scene.load()
    for each in predicates:
        expected = members(each, world, scene.clock)
        others = [one for one in everyone if one not in expected]
        for predicate, wanted in ((each, expected), (ir.Negate(each), others)):
            got = asked(predicate, scene.clock)
            if got != wanted:
                found.append(f"{predicate}\nSQL: {got}\ninterpreter: {wanted}\n{sql(predicate, scene.clock)}")
    return found


ZONE_RULE = ZoneRule(own("zone"), "America/New_York")
CITIES = ["Boston", "boston", "Köln", ""]
KEYS = ["s1", "s2", "s3", "nowhere"]
TAGS = ["run", "yoga", "Run", "%", ""]
SPOTS = [(42.3601, -71.0589), (42.3601, -71.06), (42.4, -71.1), (-33.9, 18.4), (90.0, 10.0), (0.0, 180.0)]
SPOTS += [(0.0, -179.999), (95.0, 10.0), (10.0, 181.0), (no_number(), 1.0), (1.0, float("inf"))]
LEAP_DATES = [date(2000, 2, 29), date(2001, 2, 28), date(2001, 3, 1), date(1999, 12, 31), date(2000, 1, 1)]


def no_list() -> list[Any] | None:
    """A missing list, for engines that have such a thing."""
    return None if lists_can_be_missing() else []


def scene_of(now: datetime, seed: int, customers: int = 8, events: int = 40) -> Scene:
    """A random scene; the same for the same seed."""
    random = Random(seed)
    one, edges = random.choice, moments(now)
    near = [(now.date() + timedelta(days=shift)).replace(year=1992) for shift in range(-9, 10)]
    dates = [*DATES, *LEAP_DATES, *near, *near]

    def maybe(options: Sequence[Any]) -> Any:
        return None if random.random() < 0.2 else one(options)

    def several(options: Sequence[Any]) -> Any:
        return no_list() if random.random() < 0.2 else [maybe(options) for _ in range(random.randrange(4))]

    def moment() -> datetime | None:
        if random.random() < 0.1:
            return None
        return one(edges) if random.random() < 0.5 else now - timedelta(seconds=random.randrange(100 * 86_400))

    def record() -> Any:
        return {"city": maybe(CITIES), "floor": maybe([0, 1, 2, 3]), "since": maybe(dates)}

    people = []
    for number in range(random.randrange(1, customers + 1)):
        north, east = one(SPOTS)
        people.append(
            {
                "id": None if random.random() < 0.05 else one([f"c{number}", f"ç'{number}"]),
                "time_zone": one(ZONES) if random.random() < 0.5 else one(ZONES[:6]),
                "born": maybe(dates),
                "seen": moment(),
                "note": maybe(TEXTS),
                "flag": maybe([True, False]),
                "points": maybe(INTEGERS),
                "big": maybe(BIG),
                "price": maybe(DECIMALS),
                "rate": maybe(RATES),
                "level": maybe([*WORDS, "unheard"]),
                "interests": several(TAGS),
                "scores": several([0, 1, 2, 3, 2**31 - 1]),
                "days": several([now.date(), now.date() - timedelta(days=1), *DATES[:3]]),
                "address": None if random.random() < 0.2 else record(),
                "addresses": no_list()
                if random.random() < 0.2
                else [None if random.random() < 0.1 else record() for _ in range(random.randrange(4))],
                "north": None if random.random() < 0.1 else north,
                "east": None if random.random() < 0.1 else east,
                "store": maybe(KEYS),
                "second": maybe(KEYS),
            }
        )
    owners = [*(row["id"] for row in people), "nobody", None]
    happened = []
    for _ in range(random.randrange(events)):
        north, east = one(SPOTS)
        happened.append(
            {
                "event_id": None if random.random() < 0.05 else random.randrange(events // 2),
                "customer_id": one(owners),
                "kind": one(["pur'chase", "pur'chase", "pur'chase", "visit", None]),
                "occurred_at": moment(),
                "received_at": None if random.random() < 0.7 else moment(),
                "sku": maybe(["a", "b", "B", ""]),
                "quantity": maybe([0, 1, 2, 3, 100, 2**31 - 1]),
                "amount": maybe(DECIMALS),
                "gift": maybe([True, False]),
                "shipped": moment(),
                "size": maybe([*WORDS, "unheard"]),
                "tags": several(TAGS),
                "store_id": maybe(KEYS),
                "north": None if random.random() < 0.1 else north,
                "east": east,
            }
        )
    orders = [
        {"owner": one(owners), "number": maybe(["1", "2", "3"]), "status": maybe(["open", "shut"]),
         "total": maybe(DECIMALS)}
        for _ in range(random.randrange(12))
    ]  # fmt: skip
    stores = [
        {"id": one([*KEYS[:3], None]), "city": maybe(CITIES), "zone": maybe(ZONES), "opened": maybe(dates),
         "area": maybe([0, 1, 2, 100]), "level": maybe([*WORDS, "unheard"])}
        for _ in range(random.randrange(6))
    ]  # fmt: skip
    zone = ZoneRule(one([own("zone"), own("zone"), None]), one(["America/New_York", "Pacific/Auckland", "UTC"]))
    clock = Clock(now, zone, one(["feb_28", "mar_1"]))
    return Scene({"customers": people, "events": happened, "orders": orders, "stores": stores}, clock)
