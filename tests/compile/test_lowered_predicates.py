"""For whom every predicate holds, by hand, by SQL and by the interpreter; and `not` for the others."""

from __future__ import annotations

from decimal import Decimal
from hashlib import md5
from typing import Any

import pytest
from table import apart, at, day, scene, who
from warehouse import lists_can_be_missing, no_number
from wide_world import (
    INTEGER,
    PLACE,
    PURCHASE,
    TEXT,
    TIME,
    TIMESTAMP,
    con,
    of,
    own,
    store,
)

from campaign_dsl.language.ir import nodes as ir

EVER = ir.Bounded()
DAY = 86_400


def same(left: ir.Value, right: Any) -> ir.Compare:
    return ir.Compare("=", left, right if hasattr(right, "type") else con(right))


# ----------------------------------------------------------------------------------------------------------- lists

LISTS = {"a": ["run", "yoga"], "b": ["Run"], "c": [], "d": None, "e": [None], "f": ["run", None, "run"]}


def with_lists() -> dict[str, dict[str, Any]]:
    """People with lists; those whose list is missing are left out where lists cannot be."""
    held = {name: each for name, each in LISTS.items() if each is not None or lists_can_be_missing()}
    return {name: {"interests": each} for name, each in held.items()}


@pytest.mark.parametrize(
    ("op", "items", "wanted"),
    [
        ("any", ["run"], "a f"),
        ("any", ["yoga", "Run"], "a b"),
        ("all", ["run"], "a f"),
        ("all", ["run", "yoga"], "a"),
        ("all", ["yoga", "yoga"], "a"),
        ("none", ["run"], "b c e"),
        ("none", ["run", "Run"], "c e"),
    ],
)
def test_tests_of_a_list(op: str, items: list[str], wanted: str) -> None:
    people = with_lists()
    chosen = tuple(con(item) for item in items)
    assert who(scene(people), ir.ListTest(op, own("interests"), chosen)) == wanted


def test_tests_of_lists_of_numbers_and_days() -> None:
    numbers = apart([[1, 2], [2**31 - 1], [None], []], "scores")
    assert who(scene(numbers), ir.ListTest("any", own("scores"), (con(1), con(2**31)))) == "a"
    assert who(scene(numbers), ir.ListTest("any", own("scores"), (con(Decimal("1.5")), con(Decimal("2.0"))))) == "a"
    several = [[day("2026-06-14")], [day("2026-06-15"), None], [], *([None] if lists_can_be_missing() else [])]
    days = apart(several, "days")
    people = {name: {**row, "time_zone": "America/New_York"} for name, row in days.items()}
    evening = con(at("2026-06-15 02:00"))  # the 14th in New York
    assert who(scene(people), ir.ListTest("any", own("days"), (evening,))) == "a"
    assert who(scene(people), ir.ListTest("all", own("days"), (evening, con(day("2026-06-15"))))) == ""
    assert who(scene(people), ir.ListTest("none", own("days"), (evening,))) == "b c"


def test_emptiness() -> None:
    people = with_lists()
    assert who(scene(people), ir.IsEmpty(own("interests"), False)) == "c"
    assert who(scene(people), ir.IsEmpty(own("interests"), True)) == "a b e f"
    if lists_can_be_missing():
        assert who(scene(people), ir.IsKnown(own("interests"))) == "a b c e f"


def test_quantifiers() -> None:
    people = with_lists()
    running = ir.TextTest("starts with", ir.Element(TEXT), con("run"), False)
    wanted = {"any": "a f", "all": "c", "none": "b c e"}
    assert {op: who(scene(people), ir.Quantified(op, own("interests"), running)) for op in wanted} == wanted
    wanted = {"any": "a b e f", "all": "b c e", "none": "c"}
    others = ir.Negate(running)
    assert {op: who(scene(people), ir.Quantified(op, own("interests"), others)) for op in wanted} == wanted


def test_quantifiers_over_records_with_columns_around_them() -> None:
    def home(city: str | None, floor: int | None) -> dict[str, Any]:
        return {"city": city, "floor": floor, "since": None}

    people = {
        "a": {"note": "Boston", "addresses": [home("Athens", 1), home("Boston", 3)]},
        "b": {"note": "Boston", "addresses": [home("Boston", None), None]},
        "c": {"note": None, "addresses": [home(None, 5)]},
    }
    if lists_can_be_missing():
        people["d"] = {"note": "Boston", "addresses": None}
    about = scene(people)
    city, floor = (ir.Field(ir.Element(PLACE), *part) for part in (("city", TEXT), ("floor", INTEGER)))
    here = same(city, own("note"))
    assert who(about, ir.Quantified("any", own("addresses"), here)) == "a b"
    assert who(about, ir.Quantified("any", own("addresses"), ir.AllOf((here, ir.Compare(">", floor, con(2)))))) == "a"
    assert who(about, ir.Quantified("all", own("addresses"), ir.IsKnown(city))) == "a"
    assert who(about, ir.Quantified("none", own("addresses"), ir.IsKnown(floor))) == "b"


def test_lists_inside_lists() -> None:
    people = apart([["a", "bb"], ["a"], []], "interests")
    people = {name: {**row, "scores": [1, 2]} for name, row in people.items()}
    longest = same(ir.Function("length of", ir.Element(TEXT, 1), INTEGER), ir.Element(INTEGER))
    inner = ir.Quantified("any", own("scores"), ir.AllOf((longest, same(ir.Element(INTEGER), 2))))
    assert who(scene(people), ir.Quantified("any", own("interests"), inner)) == "a"


def test_what_needs_a_query_inside_a_list() -> None:
    """Nothing can be joined to the elements of a list, and no query can stand in what is asked of them."""
    stores = [{"id": "run", "city": "Boston", "zone": "Asia/Tokyo"}, {"id": "yoga", "zone": "Mars/Base"}]
    people = {name: {**row, "points": ord(name)} for name, row in with_lists().items()}
    about = scene(people, [{"customer_id": "f"}], stores=stores)
    city = store(ir.Element(TEXT), "city")
    assert who(about, ir.Quantified("any", own("interests"), same(city, "Boston"))) == "a f"
    assert who(about, ir.Quantified("none", own("interests"), ir.IsKnown(city))) == "b c e"
    did = ir.Did(PURCHASE, None, EVER, 1, None)
    assert who(about, ir.Quantified("any", own("interests"), did)) == "f"
    assert who(about, ir.Quantified("all", own("interests"), did)) == "c f"
    top = ir.Rank(own("points"), None, 2, True)
    assert who(about, ir.Quantified("any", own("interests"), top)) == "e f"
    listed = ir.InStaticList("long", (*(f"x{number}" for number in range(200)), "a"))
    assert who(about, ir.Quantified("any", own("interests"), listed)) == "a"
    clock = ir.TimeOfDay(ir.Now(TIMESTAMP), store(ir.Element(TEXT), "zone"), TIME)
    assert who(about, ir.Quantified("any", own("interests"), ir.IsKnown(clock))) == "a f"


# ------------------------------------------------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    ("pattern", "ignoring_case", "wanted"),
    [
        ("b", False, "a d"),
        ("^b", False, ""),
        ("b$", False, "a"),
        ("a.b", False, "d"),  # any character, a line break too
        ("^$", False, "c"),
        ("B", True, "a b d"),
        ("[^a-z]", False, "b d f"),
        ("(a|x)+b", False, "a"),
        (r"\.", False, ""),
        ("é", True, "f"),
        ("a{1,2}", False, "a d"),
    ],
)
def test_regular_expressions(pattern: str, ignoring_case: bool, wanted: str) -> None:
    people = apart(["ab", "B", "", "a\nb\n", None, "É"], "note")
    about = scene(people)
    assert who(about, ir.Matches(own("note"), pattern, ignoring_case, False)) == wanted
    others = [name for name in "abcdf" if name not in wanted]
    assert who(about, ir.Matches(own("note"), pattern, ignoring_case, True)) == " ".join(others)


# ------------------------------------------------------------------------------------------------- shares and ranks


@pytest.mark.parametrize("length", [0, 1, 2, 300])
def test_static_lists(length: int) -> None:
    people: dict[str, dict[str, Any]] = {name: {} for name in ("a", "b'", "ç")}
    keys = ("b'", "nobody", *(f"x{number}" for number in range(300)))[:length]
    assert who(scene(people), ir.InStaticList("vip", keys)) == ("b'" if length else "")


@pytest.mark.parametrize("percent", ["0", "0.000001", "12.5", "50", "100"])
def test_samples(percent: str) -> None:
    people: dict[str, dict[str, Any]] = {f"c{number:03}": {} for number in range(200)}

    def share(key: str) -> float:
        return int(md5(f"sample/x:{key}".encode()).hexdigest()[:7], 16) / 2**28

    wanted = [key for key in people if share(key) < float(percent) / 100]
    assert who(scene(people), ir.Sample(Decimal(percent), "sample/x")).split() == wanted
    assert 0 <= len(wanted) <= 200
    if percent == "50":
        assert 80 < len(wanted) < 120


POINTS = {"a": 7, "b": 1, "c": 5, "d": 5, "e": None, "f": 5, "g": 9, "x": 100}


@pytest.mark.parametrize(
    ("percent", "count", "largest", "wanted"),
    [
        (None, 1, True, "g"),
        (None, 3, True, "a c g"),
        (None, 4, True, "a c d g"),
        (None, 99, True, "a b c d f g"),
        (None, 2, False, "b c"),
        ("0.1", None, True, "g"),
        ("16.6", None, True, "g"),
        ("16.7", None, True, "a g"),
        ("50", None, True, "a c g"),
        ("50", None, False, "b c d"),
        ("100", None, False, "a b c d f g"),
    ],
)
def test_ranks(percent: str | None, count: int | None, largest: bool, wanted: str) -> None:
    people = {key: {"points": each, "time_zone": "Mars/Base" if key == "x" else None} for key, each in POINTS.items()}
    share = None if percent is None else Decimal(percent)
    assert who(scene(people), ir.Rank(own("points"), share, count, largest)) == wanted


def test_ranks_of_words_and_of_sums() -> None:
    people = apart(["gold", "unheard", "member", "platinum", None], "level")
    assert who(scene(people), ir.Rank(own("level"), None, 2, True)) == "a d"
    assert who(scene(people), ir.Rank(own("level"), None, 1, False)) == "c"
    spent = ir.Aggregate("sum", PURCHASE, of("quantity"), None, EVER, INTEGER)
    events = [{"customer_id": name, "quantity": ord(name)} for name in "aabcc"]
    about = scene({name: {} for name in "abcd"}, events)
    assert who(about, ir.Rank(spent, Decimal(10), None, True)) == "c"
    assert who(about, ir.Compare("=", ir.Quintile(spent, INTEGER), con(1))) == "b"
    assert who(about, ir.AllOf((ir.Rank(spent, None, 2, True), ir.Negate(ir.Rank(spent, None, 1, True))))) == "a"


# ------------------------------------------------------------------------------------------------- days and places


@pytest.mark.parametrize(
    ("today", "first", "last", "policy", "wanted"),
    [
        ("2026-02-28", 0, 0, "feb_28", "a b"),
        ("2026-02-28", 0, 0, "mar_1", "b"),
        ("2026-03-01", 0, 0, "feb_28", "c"),
        ("2026-03-01", 0, 0, "mar_1", "a c"),
        ("2028-02-28", 0, 0, "feb_28", "b"),
        ("2028-02-29", 0, 0, "feb_28", "a"),
        ("2028-02-29", 0, 0, "mar_1", "a"),
        ("2028-02-27", 1, 2, "feb_28", "a b"),
        ("2026-12-29", 0, 2, "feb_28", "d"),
        ("2026-12-29", 0, 3, "feb_28", "d e"),
        ("2026-12-29", 3, 3, "feb_28", "e"),
        ("2027-01-02", -2, -1, "feb_28", "d e"),
        ("2027-01-02", -1, -1, "feb_28", "e"),
        ("2027-03-02", -2, 363, "feb_28", "a b c d e"),
        ("2027-03-01", 0, 364, "mar_1", "a b c d e"),
        ("2027-03-01", 1, 364, "mar_1", "b d e"),
        ("2027-03-01", 1, 365, "mar_1", "a b d e"),
        ("2027-03-01", 1, 366, "mar_1", "a b c d e"),
    ],
)
def test_anniversaries(today: str, first: int, last: int, policy: str, wanted: str) -> None:
    born = ["2000-02-29", "2001-02-28", "2001-03-01", "1999-12-31", "2031-01-01", None]
    people = apart([None if each is None else day(each) for each in born], "born")
    about = scene(people, now=at(f"{today} 12:00"), leap_day=policy)
    assert who(about, ir.AnniversaryIn(own("born"), first, last)) == wanted


def test_anniversaries_where_the_customer_is() -> None:
    people = {
        "a": {"born": day("2000-06-16"), "time_zone": "Pacific/Kiritimati"},
        "b": {"born": day("2000-06-16"), "time_zone": "UTC"},
        "c": {"born": day("2000-06-15"), "time_zone": "UTC"},
    }
    assert who(scene(people), ir.AnniversaryIn(own("born"), 0, 0)) == "a c"


@pytest.mark.parametrize(
    ("latitude", "longitude", "radius", "wanted"),
    [
        ("42.3601", "-71.0589", 1, "a"),
        ("42.3601", "-71.0589", 111_194, "a"),
        ("42.3601", "-71.0589", 111_195, "a b"),  # a degree of latitude has 111,195.08 m
        ("0", "180", 111, "e"),
        ("0", "180", 112, "e"),
        ("0", "-179", 111_195, "d e"),
        ("90", "0", 100_000, "c"),
        ("0", "0", 20_015_115, "a b c d e"),  # half around the earth
    ],
)
def test_places(latitude: str, longitude: str, radius: int, wanted: str) -> None:
    spots = [(42.3601, -71.0589), (43.3601, -71.0589), (89.9, 120.0), (0.0, -179.5), (0.0, 180.0)]
    spots += [(95.0, 0.0), (0.0, 181.0), (no_number(), 0.0), (0.0, float("inf"))]
    people: dict[str, dict[str, Any]] = {
        name: {"north": north, "east": east} for name, (north, east) in zip("abcdefghi", spots, strict=True)
    }
    people |= {"j": {"north": 42.3601, "east": None}, "k": {}}
    circle = ir.Circle(Decimal(latitude), Decimal(longitude), radius)
    assert who(scene(people), ir.Within(own("home"), (circle,), None)) == wanted
    twice = (ir.Circle(Decimal(-80), Decimal(0), 1), circle)
    assert who(scene(people), ir.Within(own("home"), twice, "somewhere")) == wanted
    assert who(scene(people), ir.IsKnown(own("home"))) == "a b c d e f g h i"


def test_audiences_inside_predicates_and_choices() -> None:
    people = apart([1, 5, None], "points")
    rich = ir.InAudience("rich", ir.Compare(">", own("points"), con(3)))
    chosen = ir.Choice(((rich, con("rich")),), con("poor"), TEXT)
    assert who(scene(people), ir.Negate(rich)) == "a c"
    assert who(scene(people), same(chosen, "poor")) == "a c"
    assert who(scene(people), ir.IsKnown(ir.Choice(((rich, con("rich")),), None, TEXT))) == "b"
    bought = ir.Choice(((ir.Did(PURCHASE, None, EVER, 1, None), con(2)),), con(1), INTEGER)
    twice = ir.Arithmetic("*", bought, con(5), INTEGER)
    assert who(scene(people, [{"customer_id": "b"}]), ir.Compare("=", twice, con(10))) == "b"
