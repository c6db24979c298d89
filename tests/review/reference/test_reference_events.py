"""Events of the interpreter: which count, how often, and what they add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from scenes import (
    DAYS,
    DECIMAL,
    EVER,
    FACET,
    HOURS,
    INTEGER,
    PURCHASE,
    TEXT,
    TEXTS,
    TIER,
    TIMESTAMP,
    VISIT,
    Row,
    aggregate,
    compare,
    con,
    event,
    ids,
    judge,
    of,
    own,
    source,
)

from campaign_dsl.language.ir import nodes as ir

D = Decimal


def did(at_least: int = 1, at_most: int | None = None, where: ir.Predicate | None = None, window: Any = EVER) -> ir.Did:
    return ir.Did(PURCHASE, where, window, at_least, at_most)


def test_what_is_no_event() -> None:
    rows = [
        event(None, "2026-06-01"),
        event(1, None),
        event(2, "2026-06-15 12:00:01"),
        event(3, "2026-06-01", owner="b"),
        event(4, "2026-06-01", kind="visit"),
        event(5, "2026-06-01", kind=None),  # type: ignore[arg-type]
    ]
    assert judge({}, *rows).value(aggregate("count")) == 0
    assert judge({}, *rows, event(6, "2026-06-15 12:00")).value(aggregate("count")) == 1


def test_what_arrives_later_does_not_exist_yet() -> None:
    late = source(received=True)
    rows = [
        event(1, "2026-06-01", received_at=None),
        event(2, "2026-06-01", received_at=event(0, "2026-06-15 12:00")["occurred_at"]),
        event(3, "2026-06-01", received_at=event(0, "2026-06-15 12:00:01")["occurred_at"]),
    ]
    assert judge({}, *rows).holds(ir.Did(late, None, EVER, 2, 2))


@pytest.mark.parametrize(
    ("at_least", "at_most", "expected"),
    [
        (0, 0, [True, False, False, False]),
        (1, None, [False, True, True, True]),
        (2, None, [False, False, True, True]),
        (2, 2, [False, False, True, False]),
        (0, 2, [True, True, True, False]),
    ],
)
def test_k_of_n(at_least: int, at_most: int | None, expected: list[bool]) -> None:
    rows = [event(number, f"2026-06-{number:02}") for number in (1, 2, 3)]
    found = [judge({}, *rows[:count]).holds(did(at_least, at_most)) for count in range(4)]
    assert found == expected
    assert [judge({}, *rows[:n], *rows[:n]).holds(did(at_least, at_most)) for n in range(4)] == expected


def test_all_conditions_hold_on_the_same_event() -> None:
    where = ir.AllOf((compare(of("sku", TEXT), "=", "a"), compare(of("n"), ">=", 2)))
    apart = [event(1, "2026-06-01", sku="a", n=1), event(2, "2026-06-01", sku="b", n=2)]
    assert not judge({}, *apart).holds(did(where=where))
    assert judge({}, *apart, event(3, "2026-06-02", sku="a", n=2)).holds(did(where=where))


def test_rows_without_a_time_or_an_id() -> None:
    tags = [{"customer_id": "a", "tag": "vip"}, {"customer_id": "a", "tag": "vip"}, {"customer_id": "b", "tag": "x"}]
    vip = compare(of("tag", TEXT), "=", "vip")
    assert judge(tags=tags).holds(ir.Did(FACET, vip, None, 2, 2))
    assert not judge(tags=tags).holds(ir.Did(FACET, compare(of("tag", TEXT), "=", "x"), None, 1, None))


def test_a_tag_ends_to_the_second() -> None:
    alive = ir.AnyOf(
        (ir.Negate(ir.IsKnown(of("ends", TIMESTAMP))), compare(of("ends", TIMESTAMP), ">", ir.Now(TIMESTAMP)))
    )
    for ends, has in (("12:00:01", True), ("12:00:00", False), ("11:59:59", False), (None, True)):
        tags = [{"customer_id": "a", "ends": ends and event(0, f"2026-06-15 {ends}")["occurred_at"]}]
        assert judge(tags=tags).holds(ir.Did(FACET, alive, None, 1, None)) is has, ends


ROWS = [
    event(1, "2026-06-01", n=5, price=D("0.10"), size="gold", sku="b"),
    event(2, "2026-06-02", n=3, price=D("0.20"), size="member", sku="a"),
    event(3, "2026-06-03", n=3, price=D("0.20"), size="huge", sku="a"),
    event(4, "2026-06-04", n=None, price=None, size="silver", sku="b"),
]


@pytest.mark.parametrize(
    ("function", "value", "result"),
    [
        ("count", None, 4),
        ("sum", of("n"), 11),
        ("sum", of("price", DECIMAL), D("0.50")),
        ("average", of("n"), D("3.666667")),
        ("average", of("price", DECIMAL), D("0.166667")),
        ("smallest", of("n"), 3),
        ("largest", of("n"), 5),
        ("smallest", of("size", TIER), "member"),
        ("largest", of("size", TIER), "gold"),
        ("distinct", of("n"), 2),
        ("distinct", of("sku", TEXT), 2),
        ("first", of("n"), 5),
        ("last", of("n"), 3),
        ("first", of("size", TIER), "gold"),
        ("last", of("size", TIER), "silver"),
        ("most frequent", of("n"), 3),
        ("most frequent", of("sku", TEXT), "a"),
        ("recency", None, 11),
    ],
)
def test_aggregates(function: str, value: ir.Value | None, result: Any) -> None:
    node = aggregate(function, value)
    assert judge({}, *ROWS).value(node) == result
    assert judge({}, *reversed(ROWS), *ROWS).value(node) == result
    nothing = judge().value(node)
    assert nothing == 0 if function in ("count", "distinct") else nothing is None


def test_aggregates_of_calculated_values() -> None:
    cost = ir.Arithmetic("*", of("n"), of("price", DECIMAL), DECIMAL)
    assert judge({}, *ROWS).value(aggregate("sum", cost)) == D("1.70")
    assert judge({}, *ROWS).value(aggregate("sum", cost, where=compare(of("n"), "=", 3))) == D("1.20")


def test_a_sum_beyond_64_bits_is_missing() -> None:
    rows = [event(1, "2026-06-01", n=2**63 - 1), event(2, "2026-06-01", n=1), event(3, "2026-06-01", n=-1)]
    assert judge({}, *rows[:2]).value(aggregate("sum", of("n"))) is None
    assert judge({}, *rows).value(aggregate("sum", of("n"))) == 2**63 - 1


def test_versions_of_one_event_count_once_with_the_smallest_value() -> None:
    rows = [
        event(1, "2026-06-02", n=7, sku="z"),
        event(1, "2026-06-01", n=9, sku="a"),
        event(1, "2026-06-03", n=None, sku="a"),
        event(2, "2026-06-02", n=8, sku="z"),
    ]
    scene = judge({}, *rows)
    assert [scene.value(aggregate(name, of("n"))) for name in ("count", "sum", "largest")] == [2, 15, 8]
    assert scene.value(aggregate("first", of("n"))) == 9
    assert scene.value(aggregate("last", of("n"))) == 8
    assert scene.value(aggregate("distinct", of("sku", TEXT))) == 2
    assert scene.value(aggregate("recency")) == 12
    assert scene.holds(did(2, 2))
    assert scene.value(aggregate("sum", of("n"), where=compare(of("sku", TEXT), "=", "a"))) == 9


def test_lists_and_records_count_too() -> None:
    """They have no order; of versions that differ the one counts that is written first."""
    rows = [event(1, "2026-06-01", box=["b"]), event(1, "2026-06-01", box=["a"]), event(2, "2026-06-02", box=["a"])]
    rows += [event(3, "2026-06-03", box=["c"]), event(4, "2026-06-03", box=None)]
    scene, box = judge({}, *rows), of("box", TEXTS)
    found = [scene.value(aggregate(name, box)) for name in ("distinct", "first", "last")]
    assert found == [2, ["a"], ["c"]]


def test_ties_of_first_and_last_go_by_id() -> None:
    rows = [event(2, "2026-06-01", n=20), event(1, "2026-06-01", n=10), event(3, "2026-06-01", n=5)]
    scene = judge({}, *rows)
    assert (scene.value(aggregate("first", of("n"))), scene.value(aggregate("last", of("n")))) == (10, 5)


@pytest.mark.parametrize(
    ("moment", "days"),
    [("2026-06-15 12:00", 0), ("2026-06-14 12:00:01", 0), ("2026-06-14 12:00", 1), ("2026-03-17 11:59", 90)],
)
def test_recency_counts_whole_days_of_24_hours(moment: str, days: int) -> None:
    assert judge({}, event(1, moment), event(2, "2026-01-01")).value(aggregate("recency")) == days


def test_first_did() -> None:
    node = ir.FirstDid(PURCHASE, compare(of("n"), "=", 1), ir.Rolling(10 * DAYS))
    inside, outside = event(1, "2026-06-10", n=1), event(2, "2026-05-01", n=1)
    assert judge({}, inside).holds(node)
    assert not judge({}, inside, outside).holds(node)
    assert judge({}, inside, {**outside, "n": 2}).holds(node)
    assert not judge().holds(node)


def test_resumed() -> None:
    node = ir.Resumed(PURCHASE, None, ir.Rolling(30 * DAYS), 180 * DAYS)
    back = event(9, "2026-06-10 08:00")
    table: list[tuple[list[Row], bool]] = [
        ([back], False),
        ([event(1, "2025-12-12 08:00"), back], True),
        ([event(1, "2025-12-12 08:00:01"), back], False),
        ([event(1, "2025-06-01"), event(2, "2026-05-01"), back], False),
        ([event(1, "2025-06-01"), event(2, "2026-05-20"), back], True),
        ([event(1, "2025-06-01"), event(2, "2026-05-01")], False),
    ]
    for rows, expected in table:
        assert judge({}, *rows).holds(node) is expected, rows


# ---------------------------------------------------------------------------------------------------------- sequences

CART = source("cart")
SAME = compare(of("sku", TEXT), "=", of("sku", TEXT, "cart"))


def sequence(*steps: ir.Step, days: int = 30) -> ir.Sequence:
    return ir.Sequence((ir.Step(CART, None, "cart", False, None), *steps), ir.Rolling(days * DAYS))


def cart(identity: int, moment: str, sku: str = "a") -> Row:
    return event(identity, moment, "cart", sku=sku)


def bought(identity: int, moment: str, sku: str = "a") -> Row:
    return event(identity, moment, sku=sku)


def test_a_step_follows_in_its_time() -> None:
    node = sequence(ir.Step(PURCHASE, SAME, None, False, 7 * DAYS))
    first = cart(1, "2026-06-01 08:00")
    table = [
        ("2026-06-01 08:00", "a", False),
        ("2026-06-01 08:00:01", "a", True),
        ("2026-06-01 08:00:01", "b", False),
        ("2026-06-08 08:00", "a", True),
        ("2026-06-08 08:00:01", "a", False),
        ("2026-05-31", "a", False),
    ]
    for moment, sku, expected in table:
        assert judge({}, first, bought(2, moment, sku)).holds(node) is expected, (moment, sku)
    assert not judge({}, first).holds(node)
    assert judge({}, first, cart(3, "2026-06-05"), bought(2, "2026-06-09")).holds(node)
    assert not judge({}, cart(1, "2026-05-01"), bought(2, "2026-05-02")).holds(node)


def test_an_absence_must_have_passed() -> None:
    node = sequence(ir.Step(PURCHASE, SAME, None, True, 4 * HOURS))
    assert judge({}, cart(1, "2026-06-15 08:00")).holds(node)
    assert not judge({}, cart(1, "2026-06-15 08:00:01")).holds(node)
    assert not judge({}, cart(1, "2026-06-10 08:00"), bought(2, "2026-06-10 12:00")).holds(node)
    assert judge({}, cart(1, "2026-06-10 08:00"), bought(2, "2026-06-10 12:00:01")).holds(node)
    assert judge({}, cart(1, "2026-06-10 08:00"), bought(2, "2026-06-10 09:00", "b")).holds(node)
    assert judge({}, cart(1, "2026-06-10 08:00"), bought(2, "2026-06-10 08:00")).holds(node)
    assert judge({}, cart(1, "2026-06-10 08:00"), bought(2, "2026-06-10 09:00"), cart(3, "2026-06-11")).holds(node)


def test_an_absence_between_two_steps() -> None:
    node = sequence(ir.Step(PURCHASE, None, None, True, 4 * HOURS), ir.Step(VISIT, None, None, False, DAYS))
    first, visit = cart(1, "2026-06-10 08:00"), event(5, "2026-06-10 20:00", "visit")
    assert judge({}, first, visit).holds(node)
    assert not judge({}, first, visit, bought(2, "2026-06-10 10:00")).holds(node)
    assert not judge({}, first, event(5, "2026-06-11 08:00:01", "visit")).holds(node)


def test_three_steps_find_another_way() -> None:
    """The nearest purchase has no refund after it; the one after it has."""
    refund = source("refund")
    node = sequence(
        ir.Step(PURCHASE, None, "buy", False, 7 * DAYS),
        ir.Step(refund, compare(of("sku", TEXT), "=", of("sku", TEXT, "buy")), None, False, 7 * DAYS),
    )
    rows = [cart(1, "2026-06-01"), bought(2, "2026-06-02", "x"), bought(3, "2026-06-03", "y")]
    assert judge({}, *rows, event(4, "2026-06-04", "refund", sku="y")).holds(node)
    assert not judge({}, *rows, event(4, "2026-06-04", "refund", sku="z")).holds(node)


# -------------------------------------------------------------------------------------------------------------- ranks


def test_ranks_and_their_ties() -> None:
    people = [{"id": name, "n": n} for name, n in [("a", 5), ("b", 9), ("c", 9), ("d", None), ("e", 1), ("f", 5)]]
    n = own("n")

    def top(count: int, largest: bool = True) -> list[str]:
        return ids(ir.Rank(n, None, count, largest), *people)

    assert [top(1), top(2), top(3), top(9)] == [["b"], ["b", "c"], ["a", "b", "c"], ["a", "b", "c", "e", "f"]]
    assert [top(1, False), top(2, False)] == [["e"], ["a", "e"]]

    def percent(share: str, largest: bool = True) -> list[str]:
        return ids(ir.Rank(n, D(share), None, largest), *people)

    assert [percent("20"), percent("20.1"), percent("100")] == [["b"], ["b", "c"], ["a", "b", "c", "e", "f"]]
    assert percent("0.01") == ["b"]
    assert percent("50") == ["a", "b", "c"]


def test_quintiles() -> None:
    people = [{"id": f"c{number}", "n": n} for number, n in enumerate([10, 20, 20, 30, None, 40, 50])]

    def fifth(number: int) -> list[str]:
        return ids(compare(ir.Quintile(own("n"), INTEGER), "=", number), *people)

    # Six are known; ascending, ties by id descending: c0 c2 c1 c3 c5 c6, so r * 5 // 6 + 1 is 1 1 2 3 4 5.
    assert [fifth(n) for n in (1, 2, 3, 4, 5)] == [["c0", "c2"], ["c1"], ["c3"], ["c5"], ["c6"]]
    assert ids(compare(ir.Quintile(own("n"), INTEGER), "=", 1), {"id": "x", "n": 3}) == ["x"]


def test_those_who_cannot_be_judged_have_no_rank() -> None:
    people = [{"id": "a", "n": 9, "zone": "Mars/Base"}, {"id": "b", "n": 5}, {"id": None, "n": 7}]
    assert ids(ir.Rank(own("n"), None, 1, True), *people) == ["b"]


def test_rank_by_what_events_say() -> None:
    spent = aggregate("sum", of("n"))
    rows = [event(1, "2026-06-01", owner="a", n=5), event(2, "2026-06-01", owner="b", n=7)]
    people = [{"id": name} for name in ("a", "b", "c")]
    assert ids(ir.Rank(spent, None, 1, True), *people, events=rows) == ["b"]
    assert ids(ir.Rank(spent, None, 9, True), *people, events=rows) == ["a", "b"]
    assert ids(compare(con(1), "=", 1), *people) == ["a", "b", "c"]
