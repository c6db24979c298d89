"""SQL against the oracle where chance seldom goes: every edge of every window, every version of an event, overflow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from oracle import World
from small_world import (
    BIG,
    CATALOG,
    DATES,
    DECIMALS,
    INTEGERS,
    NOWS,
    RATES,
    SIZES,
    TEXTS,
    WORDS,
    Database,
    quoted,
    typed,
)
from warehouse import gap

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import nodes as ir

NOBODY: dict[str, Any] = {**dict.fromkeys(CATALOG.customers.attributes), "active": True, "tier": "gold"}
NOTHING: dict[str, Any] = dict.fromkeys(
    ("event_id", "customer_id", "kind", "occurred_at", "received_at", "sku", "quantity", "amount", "gift", "shipped")
) | dict.fromkeys(("picked", "size"))
TINY = timedelta(microseconds=1)
DAY = timedelta(days=1)


def customer(name: object, **values: Any) -> dict[str, Any]:
    return {**NOBODY, "id": str(name), **values}


def purchase(owner: object, identity: int | None, at: datetime | None, **values: Any) -> dict[str, Any]:
    row = {**NOTHING, "event_id": identity, "customer_id": str(owner), "kind": "pur'chase", "occurred_at": at}
    return row | values


def world(
    customers: list[dict[str, Any]],
    events: Iterable[dict[str, Any]] = (),
    now: datetime = NOWS[0],
    zone_attribute: str | None = "zone",
    leap_day: str = "feb_28",
) -> World:
    return World(customers, {"events": list(events), "visits": []}, "id", now, zone_attribute, "UTC", leap_day)


def agree(about: World, texts: Iterable[str]) -> None:
    database = Database.of(about)
    everyone = sorted(each["id"] for each in about.readable())
    for text in texts:
        predicate, problems = typed(text)
        assert predicate is not None, (text, problems)
        if gap(predicate) is not None:
            continue
        found = database.matching(predicate)
        assert found == about.matching(predicate), text
        assert sorted(found + database.matching(ir.Negate(predicate))) == everyone, text


# --------------------------------------------------------------------------------------------------------- windows

ZONES = ["UTC", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]
ZONES += ["Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"]


def instants(now: datetime) -> list[datetime]:
    """Every edge that the windows below have, and one instant on either side of it."""
    edges = {now, now - timedelta(hours=1), now - 7 * DAY, now - 90 * DAY}
    days = {now.date() - timedelta(days=back) for back in (-1, 0, 1, 2, 6, 7, 88, 89, 90, 91)}
    edges |= {datetime(day.year, day.month, day.day, hour, tzinfo=UTC) for day in days for hour in (0, 9)}
    return sorted({edge + shift for edge in edges for shift in (-TINY, timedelta(0), TINY)})


def local_edges(now: datetime, zone_name: str) -> list[datetime]:
    today = now.astimezone(zone(zone_name)).date()
    found = []
    for back in (-1, 0, 1, 2, 6, 7, 88, 89, 90, 91):
        day = today - timedelta(days=back)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)).astimezone(UTC)
        found += [midnight - TINY, midnight, midnight + TINY]
    return found


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_every_edge_of_every_window(now: datetime) -> None:
    customers, events = [], []
    for zone_name in ZONES:
        for moment in {*instants(now), *local_edges(now, zone_name)}:
            name = f"{zone_name} {moment.isoformat()}"
            customers.append(customer(name, zone=zone_name))
            events.append(purchase(name, 1, moment))
    days = [now.date() - timedelta(days=back) for back in (0, 1, 90)]
    written = [str(day) for day in days] + [f"{day} 09:00Z" for day in days] + [f"{days[1]} 00:00"]
    windows = ["ever", "in last 1 hour", "in last 168 hours", "in last 7 days", "in last 90 days", "in last 1 week"]
    windows += [f"in last {count} calendar days" for count in (1, 2, 7, 90)] + ["in last 1 calendar week"]
    windows += [f"{word} {when}" for word in ("since", "after", "until", "before") for when in written]
    agree(world(customers, events, now), [f"did purchase {window}" for window in windows])


def test_what_has_not_arrived_yet() -> None:
    now = NOWS[0]
    times = [None, now - DAY, now - TINY, now, now + TINY, now + DAY]
    pairs = list(product(times, times))
    customers = [customer(number) for number in range(len(pairs))]
    events = [purchase(number, 1, at, received_at=late) for number, (at, late) in enumerate(pairs)]
    agree(
        world(customers, events, zone_attribute=None),
        ["did purchase ever", "did purchase in last 1 hour", "count of purchase ever = 1"],
    )


def test_rows_that_are_no_event() -> None:
    now = NOWS[0]
    events = [
        purchase("id", None, now),
        purchase("kind", 1, now, kind="other"),
        purchase("no kind", 2, now, kind=None),
        purchase("nobody", 3, now),
        {**purchase("x", 4, now), "customer_id": None},
        purchase("sound", 5, now),
    ]
    names = ("id", "kind", "no kind", "sound", "none")
    tests = [
        "did purchase ever",
        "did not purchase ever",
        "count of purchase ever >= 1",
        "did purchase exactly 0 times ever",
    ]
    agree(world([customer(name) for name in names], events, zone_attribute=None), tests)


# ---------------------------------------------------------------------------------------------- versions of an event


def test_every_id_counts_once() -> None:
    """Customers with up to three deliveries of up to two events, whose content may differ."""
    now = NOWS[0]
    contents = [
        {"sku": "a", "quantity": 1, "amount": Decimal("0.10"), "size": "small"},
        {"sku": "b", "quantity": 2, "amount": Decimal("0.20"), "size": "large"},
        {"sku": None, "quantity": None, "amount": None, "size": "huge"},
    ]
    customers, events = [customer("none")], []
    for count in (1, 2, 3):
        for number, rows in enumerate(product(product((1, 2), contents), repeat=count)):
            name = f"{count}.{number}"
            customers.append(customer(name))
            events += [purchase(name, identity, now, **content) for identity, content in rows]
    tests = [f"did purchase {how} {n} times ever" for how in ("at least", "at most", "exactly") for n in (1, 2, 3)]
    tests += [f"count of purchase ever = {n}" for n in (0, 1, 2)] + ["count of purchase where quantity >= 2 ever > 1"]
    tests += [f"sum of purchase.amount ever {op} {n}" for op in ("=", ">", "!=") for n in ("0.10", "0.20", "0.30")]
    tests += [f"sum of purchase.quantity ever = {n}" for n in (1, 2, 3, 4)]
    tests += [f"average of purchase.quantity ever = {n}" for n in (1, "1.5", 2)]
    tests += [
        f"{function} of purchase.size ever = {size}" for function in ("smallest", "largest") for size in SIZES[:3]
    ]
    tests += [
        'smallest of purchase.sku ever = "a"',
        'largest of purchase.sku ever = "b"',
        "smallest of purchase.sku ever is missing",
    ]
    tests += [
        'largest of purchase.sku where sku != "b" ever = "a"',
        "sum of purchase.amount where sku is missing ever is known",
    ]
    agree(world(customers, events, zone_attribute=None), tests)


def test_counts_do_not_multiply() -> None:
    """Two counts over the same events, in one predicate."""
    now = NOWS[0]
    customers = [customer(f"{one}.{other}") for one in range(4) for other in range(4)]
    events = []
    for each in customers:
        one, other = map(int, each["id"].split("."))
        events += [purchase(each["id"], number, now, quantity=1) for number in range(one)]
        events += [purchase(each["id"], 10 + number, now, quantity=2) for number in range(other)]
    ones, twos = ("count of purchase where quantity = 1 ever", "count of purchase where quantity = 2 ever")
    tests = [f"{ones} = 2 and {twos} = 3", f"{ones} + {twos} = 4", f"{ones} < {twos}", f"{ones} = 0 or {twos} = 0"]
    tests += [
        f"sum of purchase.quantity ever = {ones} + 2 * {twos}",
        f"average of purchase.quantity ever >= 1.5 and {ones} > 0",
    ]
    agree(world(customers, events, zone_attribute=None), tests)


def test_averages_are_rounded_to_six_digits() -> None:
    now = NOWS[0]
    thirds = [Decimal("1.00"), Decimal("0.00"), Decimal("0.00")]
    events = [purchase("a", number, now, amount=value, quantity=number) for number, value in enumerate(thirds)]
    tests = ["average of purchase.amount ever = 0.333333", "average of purchase.amount ever = 0.33333333"]
    tests += ["average of purchase.amount ever * 3 = 0.999999", "average of purchase.quantity ever = 1"]
    agree(world([customer("a")], events, zone_attribute=None), tests)
    predicate, _ = typed(tests[0])
    assert predicate is not None
    assert world([customer("a")], events, zone_attribute=None).matching(predicate) == ["a"]


# ---------------------------------------------------------------------------------------------------------- values


def test_integers_are_calculated_in_64_bits() -> None:
    customers = [
        customer(number, points=points, big=big)
        for number, (points, big) in enumerate(product([None, *INTEGERS], [None, *BIG]))
    ]
    tests = [f"points {op} {n} = points" for op in "+-*" for n in (0, 1)]
    tests += [
        f"points {op} points {test} {n}" for op in "+-*" for test in (">", "<=") for n in (-1, 0, 2**31, 2**32, 10**17)
    ]
    tests += [f"big {op} points {test} 0" for op in "+-*" for test in ("<", ">=")]
    tests += [f"big {op} big {test} 0" for op in "+-*" for test in ("<", "=", ">")]
    tests += ["big + 1 - 1 = big", "big * 2 is known", "-big = big", "-points < 0", "big + big + big is missing"]
    tests += ["not (big * big > 0)", "points * 2_000_000_000 > 3_000_000_000", "big in [0, 1] and points not in [0, 1]"]
    agree(world(customers, zone_attribute=None), tests)


def test_decimals_are_exact() -> None:
    customers = [
        customer(number, price=price, rate=rate, points=3)
        for number, (price, rate) in enumerate(product([None, *DECIMALS], [None, *RATES]))
    ]
    tests = [
        f"price {op} {n}" for op in ("=", "<", ">=", "!=") for n in (0, "0.1", "0.10", "0.3", "99.99", -2, "1000000.01")
    ]
    tests += [
        "price + 0.10 = 0.30",
        "price * 3 = 0.30",
        "price * rate >= 0.3333",
        "price - rate < points",
        "price * price > 1",
    ]
    tests += [
        "price * rate * rate * price < 1",
        "price + points * 0.1 = 0.5",
        "price in [0.1, 0.2, 1]",
        "rate between price and 1",
    ]
    agree(world(customers, zone_attribute=None), tests)


def test_every_text_against_every_text() -> None:
    customers = [
        customer(number, note=note, other=other)
        for number, (note, other) in enumerate(product([None, *TEXTS], [None, *TEXTS]))
    ]
    tests = [f"note {op} other" for op in ("=", "!=", "<", "<=", ">", ">=")]
    forms = [f"note {op} other" for op in ("contains", "does not contain", "starts with", "ends with")]
    tests += forms + [f"{form} ignoring case" for form in forms]
    tests += [f"note {op} {quoted(text)}" for op in ("contains", "starts with", "ends with", ">") for text in TEXTS]
    tests += [f"note in [{', '.join(map(quoted, TEXTS[:5]))}]", f"note not in [{', '.join(map(quoted, TEXTS[:5]))}]"]
    agree(world(customers, zone_attribute=None), tests)


def test_words_in_their_order() -> None:
    words = [None, *WORDS, "unheard", ""]
    customers = [customer(number, tier=tier, level=level) for number, (tier, level) in enumerate(product(WORDS, words))]
    tests = [f"level {op} tier" for op in ("=", "!=", "<", "<=", ">", ">=")]
    tests += [
        f"{a} {op} {b}"
        for op in ("<", "<=", ">", ">=", "=", "!=")
        for word in WORDS
        for a, b in (("level", word), (word, "level"))
    ]
    tests += [
        f"level {form} {low} and {high}"
        for form in ("between", "not between")
        for low, high in (("member", "gold"), ("silver", "silver"))
    ]
    tests += [
        "level not between member and platinum",
        "tier not between member and level",
        "level between tier and platinum",
    ]
    tests += ["level in [gold, silver]", "level not in [gold, silver]", "not (level < gold)"]
    agree(world(customers, zone_attribute=None), tests)


@pytest.mark.parametrize("now", NOWS[1:4], ids=str)
def test_days_and_instants(now: datetime) -> None:
    customers = []
    for zone_name in ZONES[:6]:
        for day in [now.date(), now.date() - DAY, *DATES[:3], None]:
            for moment in [now, now - DAY, datetime(now.year, now.month, now.day, 4, 30, tzinfo=UTC), None]:
                customers.append(customer(len(customers), zone=zone_name, joined=day, seen=moment))
    today = now.date()
    tests = [f"seen {op} joined" for op in ("=", "!=", "<", "<=", ">", ">=")]
    tests += [f"joined {op} seen" for op in ("=", "<", ">=")]
    tests += [f"seen {op} {today}" for op in ("=", "!=", "<", ">=")] + [
        f"joined = {today} 00:30Z",
        f"joined < {today} 23:30Z",
    ]
    tests += [
        f"seen in [{today}, {today} 12:00Z]",
        f"seen not in [{today}]",
        f"joined in [{today} 12:00Z, {today - DAY}]",
    ]
    tests += [
        f"joined not in [{today} 12:00Z, 1900-01-01]",
        f"seen between joined and {today}",
        f"seen not between {today} and {today} 12:00Z",
    ]
    agree(world(customers, now=now), tests)


def test_missing_values() -> None:
    values: dict[str, list[Any]] = {
        "points": [None, -1, 1, 3],
        "price": [None, Decimal("1.00")],
        "flag": [None, True, False],
    }
    values["born"] = [None, date(2008, 6, 15)]
    customers = [
        customer(number, **dict(zip(values, row, strict=True))) for number, row in enumerate(product(*values.values()))
    ]
    atoms = [
        "points = 1",
        "points != 1",
        "points > price",
        "points between price and 2",
        "points not between price and 2",
    ]
    atoms += [
        "points not between 0 and price",
        "flag",
        "flag = false",
        "flag != true",
        "points in [1]",
        "points not in [1]",
    ]
    atoms += [
        "points is known",
        "points is missing",
        "age >= 18",
        "age != 18",
        "points + 1 > price",
        "points * price is known",
    ]
    tests = atoms + [f"not ({one})" for one in atoms] + [f"not not ({one})" for one in atoms]
    tests += [f"not ({one} and {other})" for one in atoms[:6] for other in atoms[6:]]
    tests += [f"{one} or not ({other})" for one in atoms[:6] for other in atoms[6:]]
    agree(world(customers, zone_attribute=None), tests)


# ------------------------------------------------------------------------------------------------------------- size

LARGE = {
    "and": "active" + " and points != 7" * 999,
    "or": "active" + " or points = 7" * 999,
    "not or": "not (active" + " or points = 7" * 999 + ")",
    "not not": "not " * 99 + "active",
    "nested": "(active and (flag or " * 24 + "active" + "))" * 24,
    "nested not": "not (active and (flag or " * 19 + "active" + "))" * 19,
    "sum": "points" + " + 1" * 98 + " > 3",
    "product": "points" + " * 1" * 98 + " > 3",
    "numbers": f"points in [{', '.join(map(str, range(10_000)))}]",
    "texts": f"note not in [{', '.join(quoted(str(number)) for number in range(10_000))}]",
    "events": " and ".join(f"did not purchase where quantity = {number} ever" for number in range(100)),
}


@pytest.mark.parametrize("what", LARGE)
def test_what_the_language_allows_the_engine_runs(what: str) -> None:
    customers = [customer(number, points=points) for number, points in enumerate([None, 1, 7, 9_999, 10_000])]
    agree(world(customers, [purchase(1, 1, NOWS[0], quantity=5)], zone_attribute=None), [LARGE[what]])
