"""Which operator takes which kinds, and what is said of the others."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest
from desk import codes, desk, typed

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import COMPARISONS, TEXT_TESTS

ATTRIBUTES = {
    "text": "text",
    "whole": "integer",
    "money": "decimal",
    "yes": "boolean",
    "born": "date",
    "seen": "timestamp",
    "tier": "ordered enum",
    "color": "enum",
}
NUMBERS, DAYS = ("integer", "decimal"), ("date", "timestamp")
LITERALS = {
    "text": '"x"',
    "integer": "5",
    "decimal": "5.5",
    "boolean": "true",
    "date": "2026-01-31",
    "timestamp": "2026-01-31 09:00",
    "ordered enum": "mid",
    "enum": "red",
}


def comparable(one: str, other: str) -> bool:
    return one == other or (one in NUMBERS and other in NUMBERS) or (one in DAYS and other in DAYS)


def has_order(kind: str) -> bool:
    return kind not in ("boolean", "enum")


@pytest.mark.parametrize(("op", "left", "right"), list(product(COMPARISONS, ATTRIBUTES, ATTRIBUTES)))
def test_comparisons_of_attributes(op: str, left: str, right: str) -> None:
    kinds = ATTRIBUTES[left], ATTRIBUTES[right]
    if not comparable(*kinds):
        wanted = ["TYP001"]
    elif COMPARISONS[op].ordered and not has_order(kinds[0]):
        wanted = ["TYP003"]
    else:
        wanted = []
    assert codes(f"{left} {op} {right}") == wanted


@pytest.mark.parametrize(("op", "name", "literal"), list(product(COMPARISONS, ATTRIBUTES, LITERALS)))
@pytest.mark.parametrize("swapped", [False, True])
def test_comparisons_with_literals(op: str, name: str, literal: str, swapped: bool) -> None:
    kind, text = ATTRIBUTES[name], LITERALS[literal]
    found = codes(f"{text} {op} {name}" if swapped else f"{name} {op} {text}")
    if comparable(kind, literal):
        assert found == (["TYP003"] if COMPARISONS[op].ordered and not has_order(kind) else [])
    elif literal in ("enum", "ordered enum"):
        assert found in (["NAM001"], ["TYP004"])  # a bare word is a name, or no word of this enum
    elif literal == "text" and kind in ("enum", "ordered enum"):
        assert found == ["TYP004"]
    else:
        assert found == ["TYP001"]


@pytest.mark.parametrize(("name", "literal"), list(product(ATTRIBUTES, LITERALS)))
@pytest.mark.parametrize("word", ["between", "not between"])
def test_between(name: str, literal: str, word: str) -> None:
    kind, text = ATTRIBUTES[name], LITERALS[literal]
    found = codes(f"{name} {word} {text} and {text}")
    if comparable(kind, literal):
        assert found == ([] if has_order(kind) else ["TYP003"])
    else:
        assert set(found) <= {"TYP001", "TYP004", "NAM001"}
        assert found


@pytest.mark.parametrize(("name", "literal"), list(product(ATTRIBUTES, LITERALS)))
@pytest.mark.parametrize("word", ["in", "not in"])
def test_lists(name: str, literal: str, word: str) -> None:
    found = codes(f"{name} {word} [{LITERALS[literal]}]")
    if comparable(ATTRIBUTES[name], literal):
        assert found == []
    else:
        assert set(found) <= {"TYP001", "TYP004", "NAM001"}
        assert found


@pytest.mark.parametrize(("op", "left", "right"), list(product(TEXT_TESTS, ATTRIBUTES, ATTRIBUTES)))
def test_text_tests(op: str, left: str, right: str) -> None:
    texts = ATTRIBUTES[left] == ATTRIBUTES[right] == "text"
    assert codes(f"{left} {op} {right}") == ([] if texts else ["TYP003"])
    assert codes(f"{left} {op} {right} ignoring case") == ([] if texts else ["TYP003"])


@pytest.mark.parametrize(("op", "left", "right"), list(product("+-*", ATTRIBUTES, ATTRIBUTES)))
def test_arithmetic(op: str, left: str, right: str) -> None:
    kinds = ATTRIBUTES[left], ATTRIBUTES[right]
    found, problems = typed(f"{left} {op} {right} = 1")
    if op == "-" and kinds == ("timestamp", "timestamp"):
        assert problems == ["TYP001"]  # a length of time, which is no number
        return
    if not set(kinds) <= set(NUMBERS):
        assert problems == ["TYP003"]
        return
    assert isinstance(found, ir.Compare)
    assert found.left.type == Type(Kind.DECIMAL if "decimal" in kinds else Kind.INTEGER, nullable=True)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_every_kind_may_be_known_or_missing(name: str) -> None:
    assert codes(f"{name} is known") == []
    assert codes(f"not ({name} is missing)") == []


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_a_value_alone_is_a_condition_when_it_is_a_boolean(name: str) -> None:
    assert codes(name) == ([] if name == "yes" else ["TYP002"])
    assert codes(f"not {name}") == ([] if name == "yes" else ["TYP002"])


@pytest.mark.parametrize(("function", "name"), list(product(["sum", "average", "smallest", "largest"], ATTRIBUTES)))
def test_aggregates(function: str, name: str) -> None:
    kind = ATTRIBUTES[name]
    found, problems = typed(f"{function} of buy.{name} ever is known")
    fine = kind in NUMBERS if function in ("sum", "average") else has_order(kind)
    assert problems == ([] if fine else ["TYP003"])
    if found is not None:
        assert isinstance(found, ir.IsKnown)
        assert found.value.type.kind == (Kind.DECIMAL if function == "average" else kind.removeprefix("ordered "))
        assert found.value.type.nullable


def test_enums_are_comparable_when_they_have_the_same_words_in_the_same_sense() -> None:
    assert codes("color = shade") == []
    assert codes("tier = size") == ["TYP001"]
    assert codes("color = rank") == ["TYP001"]
    assert codes("color < shade") == ["TYP003"]


# ----------------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("5", 5, Kind.INTEGER),
        ("-5", -5, Kind.INTEGER),
        ("1_000", 1000, Kind.INTEGER),
        ("2 + 3 * 4", 14, Kind.INTEGER),
        ("(2 - 3) * 4", -4, Kind.INTEGER),
        ("0.10 + 0.20", Decimal("0.30"), Kind.DECIMAL),
        ("1.5 * 1.5", Decimal("2.25"), Kind.DECIMAL),
        ("999999999999999999 - 1", 999999999999999998, Kind.INTEGER),
        ("2 * 0.5", Decimal("1.0"), Kind.DECIMAL),
    ],
)
def test_constants_are_worked_out(text: str, value: object, kind: Kind) -> None:
    found, problems = typed(f"money = {text}")
    assert problems == []
    assert isinstance(found, ir.Compare)
    assert found.right == ir.Constant(value, Type(kind))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-31 09:00", datetime(2026, 1, 31, 14, tzinfo=UTC)),
        ("2026-01-31T09:00:30", datetime(2026, 1, 31, 14, 0, 30, tzinfo=UTC)),
        ("2026-01-31 09:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31 09:00+05:45", datetime(2026, 1, 31, 3, 15, tzinfo=UTC)),
        ("2026-03-08 02:30", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),  # skipped: forward by the gap, to 03:30
        ("2026-11-01 01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # comes twice: the first
    ],
)
def test_instants_without_an_offset_are_the_workspace_s(text: str, instant: datetime) -> None:
    found, problems = typed(f"seen = {text}")
    assert problems == []
    assert isinstance(found, ir.Compare)
    assert found.right == ir.Constant(instant, Type(Kind.TIMESTAMP))


def test_names() -> None:
    attribute = ir.Attribute("text", "text", Type(Kind.TEXT, True))
    for text in ("text", "customer.text"):
        assert typed(f"{text} is known")[0] == ir.IsKnown(attribute)
    inside, _ = typed("did buy where text is known ever")
    assert isinstance(inside, ir.Did)
    assert inside.where == ir.IsKnown(ir.Property("text", "text", Type(Kind.TEXT, True)))
    born = ir.Attribute("born", "born", Type(Kind.DATE, True))
    assert typed("age > 5")[0] == ir.Compare(
        ">", ir.Age(born, Type(Kind.INTEGER, True)), ir.Constant(5, Type(Kind.INTEGER))
    )


def test_a_word_of_an_enum_comes_before_an_attribute_of_that_name() -> None:
    found, _ = typed('tier = "low" and tier = low and low = tier')
    assert isinstance(found, ir.AllOf)
    low = ir.Constant("low", Type(Kind.ENUM, values=("low", "mid", "high"), ordered=True))
    assert [each.right for each in found.items[:2] if isinstance(each, ir.Compare)] == [low, low]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("nothing = 1", ["NAM001"]),
        ("text = nothing", ["NAM001"]),
        ("a.b.c = 1", ["NAM001"]),
        ("customer.nothing is known", ["NAM001"]),
        ("buy.money > 1", ["NAM001"]),
        ("did nothing ever", ["NAM003"]),
        ("count of nothing ever > 1", ["NAM003"]),
        ("did buy where nothing = 1 ever", ["NAM001"]),
        ("did buy where age > 1 ever", ["NAM001"]),
        ("did buy where customer.text = text ever", ["TYP005"]),
        ("sum of buy.nothing ever > 1", ["NAM001"]),
        ("in audience nobody", ["NAM013"]),
        ("tier = gold", ["TYP004"]),
        ('tier = "gold"', ["TYP004"]),
        ("tier in [low, gold]", ["TYP004"]),
        ("tier between low and gold", ["TYP004"]),
        ("whole", ["TYP002"]),
        ("5", ["TYP002"]),
        ("5 and yes", ["TYP002"]),
        ("(yes and yes) = yes", ["TYP002"]),
        ("whole in [whole]", ["TYP002"]),
        ("whole in [1 + whole]", ["TYP002"]),
        ('born = "2026-01-31"', ["TYP001"]),
        ("did buy where did buy ever ever", ["TYP005"]),
        ("did buy where in audience nobody ever", ["TYP005"]),
        ("did buy where count of buy ever > 1 ever", ["TYP005"]),
        ("whole in []", ["TYP006"]),
        ("whole between 2 and 1", ["TYP006"]),
        ("tier between high and low", ["TYP006"]),
        ('text between "b" and "a"', ["TYP006"]),
        ("born between 2026-02-01 and 2026-01-01", ["TYP006"]),
        ("did buy at least 0 times ever", ["TYP006"]),
        ("did buy in last 0 days", ["TYP006"]),
        ("did buy in last 40_000 days", ["TYP006"]),
        ("did buy in last 0 calendar days", ["TYP006"]),
        ("did buy in last 3 calendar hours", ["TYP008"]),
        ("did buy in last 3 months", ["TYP007"]),
        ("did buy in last 1 year", ["TYP007"]),
        ("whole = 999999999999999999 * 10", ["TYP006"]),
        ("money * 0.12345678901234567 * 0.12345678901234567 = 1", ["TYP006"]),
        ("nothing = 1 and tier = gold and did nothing ever", ["NAM001", "TYP004", "NAM003"]),
    ],
)
def test_what_is_wrong(text: str, wanted: list[str]) -> None:
    assert sorted(codes(text)) == sorted(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "whole between 1 and 1",
        "born between 2026-01-02 and 2026-01-01 23:00",  # whoever is ahead of New York has reached the 2nd by then
        "money * money * money * money * money = 1",
        "true",
        "not false",
        "yes = true",
        "true = yes",
        "1 = 1",
        "age between whole and money",
        "born < seen",
        "seen in [2026-01-01, 2026-01-01 09:00]",
        "did buy exactly 0 times ever",
        "did buy at most 0 times ever",
        "smallest of buy.tier ever >= mid",
        "customer.tier >= mid",
    ],
)
def test_what_is_fine(text: str) -> None:
    assert codes(text) == []


# ---------------------------------------------------------------------------------------------------------- events


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("ever", ir.Bounded()),
        ("in last 90 days", ir.Rolling(90 * 86_400)),
        ("in last 2 weeks", ir.Rolling(14 * 86_400)),
        ("in last 36 hours", ir.Rolling(36 * 3_600)),
        ("in last 1 minute", ir.Rolling(60)),
        ("in last 5 seconds", ir.Rolling(5)),
        ("in last 1 calendar day", ir.Calendar(1, "day")),
        ("in last 2 calendar weeks", ir.Calendar(2, "week")),
        ("since 2026-01-31", ir.Bounded(since=ir.Constant(date(2026, 1, 31), Type(Kind.DATE)))),
        ("after 2026-01-31", ir.Bounded(after=ir.Constant(date(2026, 1, 31), Type(Kind.DATE)))),
        (
            "until 2026-01-31 09:00Z",
            ir.Bounded(until=ir.Constant(datetime(2026, 1, 31, 9, tzinfo=UTC), Type(Kind.TIMESTAMP))),
        ),
        (
            "before 2026-01-31 09:00Z",
            ir.Bounded(before=ir.Constant(datetime(2026, 1, 31, 9, tzinfo=UTC), Type(Kind.TIMESTAMP))),
        ),
    ],
)
def test_windows(text: str, window: ir.Window) -> None:
    found, problems = typed(f"did buy {text}")
    assert problems == []
    assert isinstance(found, ir.Did)
    assert found.window == window


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("did buy ever", (1, None)),
        ("did not buy ever", (0, 0)),
        ("did buy at least 3 times ever", (3, None)),
        ("did buy at most 3 times ever", (0, 3)),
        ("did buy exactly 3 times ever", (3, 3)),
    ],
)
def test_how_often(text: str, bounds: tuple[int, int | None]) -> None:
    found, _ = typed(text)
    assert isinstance(found, ir.Did)
    assert (found.at_least, found.at_most) == bounds


def test_events_are_where_the_catalog_says() -> None:
    found, _ = typed("did buy ever")
    assert isinstance(found, ir.Did)
    event = found.event
    assert (event.table, event.id_column, event.customer_column) == ("events", "event_id", "customer_id")
    assert (event.kind_column, event.received_column, event.occurred_column) == (None, None, "occurred_at")


def test_age_needs_a_birth_date() -> None:
    workspace = desk()
    assert workspace.catalog is not None
    customers = workspace.catalog.customers.model_copy(update={"birth_date": None})
    workspace.catalog = workspace.catalog.model_copy(update={"customers": customers})
    assert workspace.expression("age > 5") is None
    assert [each.code for each in workspace.problems.sorted()] == ["NAM002"]
