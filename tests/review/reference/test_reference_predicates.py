"""Predicates of the interpreter: two-valued, exact, by code point."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from scenes import (
    ADDRESS,
    ADDRESSES,
    BOOLEAN,
    DATE,
    DECIMAL,
    GEO,
    TEXT,
    TEXTS,
    TIER,
    TIME,
    TIMESTAMP,
    at,
    clock,
    compare,
    con,
    day,
    ids,
    judge,
    own,
)

from campaign_dsl.language.ir import nodes as ir

D = Decimal


def holds(node: ir.Predicate, **customer: Any) -> bool:
    return judge(customer).holds(node)


N, LOW, HIGH = own("n"), own("low"), own("high")
ATOMS = [
    *(compare(N, op, 1) for op in ("=", "!=", "<", "<=", ">", ">=")),
    ir.Between(N, con(0), con(9), False),
    ir.Between(N, con(0), con(9), True),
    ir.InList(N, (con(1),), False),
    ir.InList(N, (con(1),), True),
    ir.IsTrue(own("n", BOOLEAN)),
    *(ir.TextTest(op, own("n", TEXT), con("a"), False) for op in ("contains", "does not contain", "starts with")),
    *(ir.Matches(own("n", TEXT), "a", False, negated) for negated in (False, True)),
    *(ir.ListTest(op, own("n", TEXTS), (con("a"),)) for op in ("any", "all", "none")),
    *(ir.IsEmpty(own("n", TEXTS), negated) for negated in (False, True)),
    *(ir.Quantified(op, own("n", TEXTS), ir.Always()) for op in ("any", "all", "none")),
    ir.AnniversaryIn(own("n", DATE), -400, 400),
    ir.Within(own("n", GEO), (ir.Circle(D(0), D(0), 99_999_999),), None),
]


@pytest.mark.parametrize("atom", ATOMS, ids=str)
def test_a_test_on_a_missing_value_is_false_and_not_is_the_complement(atom: ir.Predicate) -> None:
    assert holds(atom, n=None) is False
    assert holds(ir.Negate(atom), n=None) is True
    assert holds(ir.Negate(ir.Negate(atom)), n=None) is False


def test_known_and_all_and_any() -> None:
    assert holds(ir.IsKnown(N), n=0)
    assert not holds(ir.IsKnown(N), n=None)
    assert holds(ir.AllOf(()))
    assert not holds(ir.AnyOf(()))
    assert holds(ir.AllOf((ir.Always(), ir.InAudience("all", ir.Always()))))
    assert holds(ir.AnyOf((ir.Negate(ir.Always()), compare(N, "=", 1))), n=1)


def test_between_with_a_missing_end() -> None:
    inside, outside = (ir.Between(N, LOW, HIGH, negated) for negated in (False, True))
    table = [(5, 1, 9, True, False), (10, 1, 9, False, True), (10, None, 9, False, False), (0, 1, None, False, False)]
    for n, low, high, is_in, is_out in table:
        values = {"n": n, "low": low, "high": high}
        assert (holds(inside, **values), holds(outside, **values)) == (is_in, is_out), values


def test_words_in_their_order() -> None:
    tier, other = own("tier", TIER), own("other", TIER)
    assert holds(compare(tier, ">=", "silver"), tier="gold")
    assert not holds(compare(tier, ">=", "silver"), tier="member")
    assert not holds(compare(tier, ">=", "member"), tier="unheard")
    assert not holds(compare(tier, "<", "gold"), tier="unheard")
    assert holds(compare(tier, "!=", "gold"), tier="unheard")
    assert holds(compare(tier, "<", other), tier="member", other="gold")
    assert holds(ir.Between(tier, con("member", TIER), con("silver", TIER), True), tier="gold")
    assert not holds(ir.Between(tier, con("member", TIER), con("silver", TIER), True), tier="unheard")


def test_days_beside_instants() -> None:
    seen = own("seen", TIMESTAMP)
    tokyo = {"zone": "Asia/Tokyo", "seen": at("2026-06-14 15:00")}
    assert holds(compare(seen, "=", day("2026-06-15")), **tokyo)
    assert holds(compare(con(day("2026-06-15")), "=", seen), **tokyo)
    assert not holds(compare(seen, "=", day("2026-06-15")), **{**tokyo, "zone": "UTC"})
    assert holds(ir.InList(seen, (con(day("2026-06-15")),), False), **tokyo)
    assert holds(ir.InList(seen, (con(at("2026-06-14 15:00")),), False), **tokyo)


def test_numbers_of_two_kinds_are_one_scale() -> None:
    assert holds(compare(own("n", DECIMAL), "=", 1), n=D("1.00"))
    assert holds(ir.InList(own("n", DECIMAL), (con(D("0.30")),), False), n=D("0.3"))
    assert not holds(compare(own("n", DECIMAL), ">", 1), n=D("1.00"))


@pytest.mark.parametrize(
    ("op", "value", "text", "exact", "folded"),
    [
        ("contains", "50%", "%", True, True),
        ("contains", "50", "%", False, False),
        ("contains", "Boston", "bos", False, True),
        ("does not contain", "Boston", "bos", True, False),
        ("starts with", "a_b", "a_", True, True),
        ("starts with", "axb", "a_", False, False),
        ("starts with", "ÅÉ", "å", False, True),
        ("ends with", "O'Neil", "Neil", True, True),
        ("ends with", "x", "", True, True),
    ],
)
def test_text(op: str, value: str, text: str, exact: bool, folded: bool) -> None:
    for ignoring, expected in ((False, exact), (True, folded)):
        assert holds(ir.TextTest(op, own("v", TEXT), con(text), ignoring), v=value) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b", "abc", True),
        ("^b", "abc", False),
        ("c$", "abc", True),
        ("c$", "abc\n", False),
        ("a$b", "a$b", False),
        (r"a\$b", "a$b", True),
        ("[$]", "a$b", True),
        (r"[^\]$]$", "a$", False),
        ("^[0-9]{5}$", "02139", True),
        ("^[0-9]{5}$", "021390", False),
        ("^(?:a|b)+$", "abba", True),
        ("a.c", "a\nc", True),
        ("A", "a", False),
    ],
)
def test_patterns(pattern: str, text: str, found: bool) -> None:
    assert holds(ir.Matches(own("v", TEXT), pattern, False, False), v=text) is found
    assert holds(ir.Matches(own("v", TEXT), pattern, False, True), v=text) is not found


def test_patterns_ignoring_case() -> None:
    """By the simple case folding of Unicode, in which a dotted capital I and a dotless i have no other case."""
    table = [("É", "é", True), ("s", "ſ", True), ("k", "K", True), ("ß", "ẞ", True), ("ss", "ß", False)]
    table += [("i", "İ", False), ("I", "ı", False), ("[a-z]", "İı", False), ("ı", "ı", True), ("[^a-z]", "İ", True)]
    for pattern, text, found in table:
        assert holds(ir.Matches(own("v", TEXT), pattern, True, False), v=text) is found, (pattern, text)
    assert holds(ir.Matches(own("v", TEXT), "^bos", True, False), v="BOSTON")


@pytest.mark.parametrize(
    ("values", "any_of", "all_of", "none_of"),
    [
        ([], False, False, True),
        (["a"], True, False, False),
        (["b", "a", "x"], True, True, False),
        (["x"], False, False, True),
        ([None], False, False, True),
        (["A"], False, False, True),
    ],
)
def test_lists(values: list[str | None], any_of: bool, all_of: bool, none_of: bool) -> None:
    items = (con("a"), con("b"))
    found = [holds(ir.ListTest(op, own("v", TEXTS), items), v=values) for op in ("any", "all", "none")]
    assert found == [any_of, all_of, none_of]
    assert holds(ir.IsEmpty(own("v", TEXTS), False), v=values) is (values == [])
    assert holds(ir.IsEmpty(own("v", TEXTS), True), v=values) is (values != [])


def test_quantifiers() -> None:
    boston = compare(ir.Field(ir.Element(ADDRESS), "city", TEXT), "=", "Boston")

    def found(*cities: str | None) -> list[bool]:
        places = [{"city": city} for city in cities]
        return [holds(ir.Quantified(op, own("v", ADDRESSES), boston), v=places) for op in ("any", "all", "none")]

    assert found() == [False, True, True]
    assert found("Boston") == [True, True, False]
    assert found("Boston", "Lyon") == [True, False, False]
    assert found("Lyon", None) == [False, False, True]


def test_lists_in_lists() -> None:
    """`any of baskets where any of its items where it = (the basket's first)`: depth tells the lists apart."""
    inner = ir.Quantified(
        "any",
        ir.Field(ir.Element(ADDRESS), "items", TEXTS),
        compare(ir.Element(TEXT), "=", ir.Field(ir.Element(ADDRESS, 1), "best", TEXT)),
    )
    node = ir.Quantified("any", own("v", ADDRESSES), inner)
    assert holds(node, v=[{"best": "a", "items": ["b"]}, {"best": "c", "items": ["a", "c"]}])
    assert not holds(node, v=[{"best": "a", "items": ["b"]}, {"best": "b", "items": ["a"]}])


def test_static_lists_and_integer_keys() -> None:
    node = ir.InStaticList("vip", ("1", "b"))
    assert ids(node, {"id": 1}, {"id": 2}) == [1]
    assert ids(node, {"id": "b"}, {"id": "B"}) == ["b"]


def test_samples_are_a_documented_hash() -> None:
    """The md5 of "sample/spring:c1" begins with 03b6d1e, which is 3,894,558 of 2**28, or 1.45083...%."""
    below, above = D("1.45083"), D("1.45084")
    customer = {"id": "c1"}
    assert ids(ir.Sample(below, "sample/spring"), customer) == []
    assert ids(ir.Sample(above, "sample/spring"), customer) == ["c1"]
    assert ids(ir.Sample(D(100), "x"), *({"id": f"c{n}"} for n in range(50))) == sorted(f"c{n}" for n in range(50))
    third = ids(ir.Sample(D("33.3"), "x"), *({"id": f"c{n:04}"} for n in range(1000)))
    assert 290 < len(third) < 380
    assert ids(ir.Sample(D(50), "x"), *({"id": each} for each in third)) == third


@pytest.mark.parametrize(
    ("born", "today", "first", "last", "feb_28", "mar_1"),
    [
        ("1990-06-15", "2026-06-15", 0, 0, True, True),
        ("1990-06-16", "2026-06-15", 0, 0, False, False),
        ("1990-06-22", "2026-06-15", 0, 7, True, True),
        ("1990-06-23", "2026-06-15", 0, 7, False, False),
        ("1990-06-08", "2026-06-15", -7, 0, True, True),
        ("1990-06-07", "2026-06-15", -7, 0, False, False),
        ("1990-01-03", "2026-12-30", 0, 7, True, True),
        ("1990-12-30", "2027-01-03", -7, 0, True, True),
        ("2000-02-29", "2026-02-28", 0, 0, True, False),
        ("2000-02-29", "2026-03-01", 0, 0, False, True),
        ("2000-02-29", "2028-02-29", 0, 0, True, True),
        ("2000-02-29", "2028-02-28", 0, 0, False, False),
        ("2000-02-29", "2028-03-01", 0, 0, False, False),
    ],
)
def test_anniversaries(born: str, today: str, first: int, last: int, feb_28: bool, mar_1: bool) -> None:
    node = ir.AnniversaryIn(own("born", DATE), first, last)
    for leap_day, expected in (("feb_28", feb_28), ("mar_1", mar_1)):
        now = clock(at(f"{today} 12:00"), leap_day)
        assert judge({"born": day(born)}, now=now).holds(node) is expected, leap_day


def test_distances() -> None:
    """One degree of a great circle is 2 * pi * 6,371,008.8 / 360 = 111,195.08 metres."""
    origin = {"place": (D(0), D(0))}
    for radius, expected in ((111_194, False), (111_195, True)):
        for north, east in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            node = ir.Within(own("place", GEO), (ir.Circle(D(north), D(east), radius),), None)
            assert holds(node, **origin) is expected
    boston, new_york = (D("42.3601"), D("-71.0589")), ir.Circle(D("40.7128"), D("-74.0060"), 306_109)
    assert holds(ir.Within(own("place", GEO), (new_york,), None), place=boston)
    assert not holds(
        ir.Within(own("place", GEO), (ir.Circle(D("40.7128"), D("-74.0060"), 306_108),), None), place=boston
    )
    far = ir.Circle(D(0), D(180), 20_015_115)
    assert holds(ir.Within(own("place", GEO), (far,), None), **origin)
    assert holds(ir.Within(own("place", GEO), (far, ir.Circle(D(0), D(0), 1)), "stores"), **origin)
    for nowhere in ((D("90.1"), D(0)), (D(0), D("-180.1"))):
        assert not holds(ir.Within(own("place", GEO), (far,), None), place=nowhere)
    across = ir.Within(own("place", GEO), (ir.Circle(D(0), D("-179.5"), 111_196),), None)
    assert holds(across, place=(D(0), D("179.5")))


def test_time_of_day_is_inclusive() -> None:
    node = ir.Between(ir.TimeOfDay(ir.Now(TIMESTAMP), None, TIME), con(time(6)), con(time(11)), False)
    table = [("05:59:59", False), ("06:00", True), ("11:00", True), ("11:00:01", False)]
    for text, expected in table:
        assert judge(now=clock(at(f"2026-06-15 {text}"))).holds(node) is expected
