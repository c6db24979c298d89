"""What every primitive node means, as the table in `dialects/protocol.py` says: each row of it on the chosen engine.

What goes in comes from columns of one row, because engines fold constants by rules of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import md5
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp
from warehouse import as_kind, ask, dialect, load, warehouse

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import build as b
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import zone_names

ROW, ROWS = "primitives", "several"
TEXTS = Type(Kind.TEXT)
Build = Callable[..., exp.Expr]


@dataclass(frozen=True)
class Case:
    """A primitive: what goes in, how it is said, what comes out, of which kind."""

    name: str
    build: Build
    wanted: Any
    kind: Kind
    given: tuple[Any, ...] = ()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def text(name: str, build: Build, wanted: Any, *given: Any) -> Case:
    return Case(name, build, wanted, Kind.TEXT, given)


def whole(name: str, build: Build, wanted: Any, *given: Any) -> Case:
    return Case(name, build, wanted, Kind.INTEGER, given)


def true(name: str, build: Build, *given: Any) -> Case:
    return Case(name, build, True, Kind.BOOLEAN, given)


def false(name: str, build: Build, *given: Any) -> Case:
    return Case(name, build, False, Kind.BOOLEAN, given)


def missing(name: str, build: Build, kind: Kind, *given: Any) -> Case:
    return Case(name, build, None, kind, given)


def day(name: str, build: Build, wanted: date | None, *given: Any) -> Case:
    return Case(name, build, wanted, Kind.DATE, given)


def at(name: str, build: Build, wanted: datetime | None, *given: Any) -> Case:
    return Case(name, build, wanted, Kind.TIMESTAMP, given)


# -------------------------------------------------------------------------------------------------- what is said


def binary(kind: type[exp.Binary]) -> Build:
    return lambda one, other: kind(this=one, expression=other)


def in_order(kind: type[exp.Binary]) -> Build:
    return lambda one, other: kind(this=dialect().in_order(one, TEXTS), expression=other)


def function(name: str) -> Build:
    return lambda *parts: exp.func(name, *parts)


def literal(value: str, type_: exp.DType) -> Build:
    return lambda: exp.cast(exp.Literal.string(value), type_)


def nothing(type_: exp.DType) -> Build:
    return lambda: exp.cast(exp.null(), type_)


def shifted(kind: type[exp.Binary], count: int, unit: str) -> Build:
    length = exp.Interval(this=exp.Literal.string(str(count)), unit=exp.Var(this=unit))
    return lambda moment: kind(this=moment, expression=length)


def years(kind: type[exp.Binary], count: int) -> Build:
    # Where it is used it is compared; the type that comes out differs among engines, the day does not.
    return lambda born: b.text(exp.cast(kind(this=born, expression=b.years(count)), exp.DType.DATE))


def extracted(unit: str) -> Build:
    return lambda value: b.part(unit, value)


def said(op: str) -> Build:
    return lambda value, wanted: dialect().text_test(op, value, wanted)


def fits(pattern: str, ignoring_case: bool = False) -> Build:
    return lambda value: dialect().matches(value, pattern, ignoring_case)


def of_rows(value: exp.Expr, *tests: exp.Expr) -> exp.Expr:
    """A query over the rows 1, 2, 2, 4 and NULL of group `a`, and 3 of group `b`, as a value."""
    return exp.Subquery(this=exp.select(value).from_(b.table(ROWS, "r"), copy=False).where(*tests, copy=False))


def row(name: str) -> exp.Expr:
    kind = Kind.TEXT if name in ("name", "word") else Kind.INTEGER
    return dialect().stored(b.column(name, "r"), Type(kind, True))


def is_(name: str, value: str) -> exp.Expr:
    return exp.EQ(this=row(name), expression=exp.Literal.string(value))


def place(number: int) -> exp.Expr:
    return exp.EQ(this=row("place"), expression=b.number(number))


def windowed(value: Build, number: int, order: Callable[[], exp.Order] | None = None) -> Build:
    """What a window function gives for one of the rows."""

    def build() -> exp.Expr:
        over = exp.Window(this=value(), partition_by=[row("name")], order=order and order())
        inner = exp.select(b.named(over, "found"), b.named(row("place"), "place")).from_(b.table(ROWS, "r"))
        source = exp.Subquery(this=inner, alias=exp.TableAlias(this=b.quoted("w")))
        there = exp.EQ(this=b.column("place", "w"), expression=b.number(number))
        return exp.Subquery(this=exp.select(b.column("found", "w")).from_(source).where(there))

    return build


def by_size(descending: bool = False) -> Callable[[], exp.Order]:
    return lambda: exp.Order(expressions=[b.ordered(row("size"), descending), b.ordered(row("place"))])


def with_peers() -> exp.Order:
    return exp.Order(expressions=[b.ordered(row("size"))])


def joined(name: str) -> Build:
    """A row beside one that is not there."""

    def build() -> exp.Expr:
        on = exp.EQ(this=b.column("size", "other"), expression=b.number(99))
        query = exp.select(b.column(name, "other")).from_(b.table(ROWS, "r"))
        query = query.join(b.table(ROWS, "other"), on=on, join_type="left").where(place(1))
        return exp.Subquery(this=query)

    return build


def listed(value: int, negated: bool = False) -> Build:
    """Whether a number is among the sizes that there are."""

    def build() -> exp.Expr:
        query = exp.select(row("size")).from_(b.table(ROWS, "r")).where(b.known(row("size")))
        test = exp.In(this=b.number(value), query=exp.Subquery(this=query))
        return b.negated(test) if negated else test

    return build


def exists(value: int) -> Build:
    def build() -> exp.Expr:
        test = exp.EQ(this=row("size"), expression=b.number(value))
        return exp.Exists(this=exp.select(b.number(1)).from_(b.table(ROWS, "r")).where(test))

    return build


def placed(names: tuple[str, ...], number: int) -> Build:
    """The text that stands at a place when texts are ordered."""

    def build() -> exp.Expr:
        order = exp.Order(expressions=[b.ordered(dialect().in_order(row("word"), TEXTS))])
        numbered = b.named(exp.Window(this=exp.RowNumber(), order=order), "number")
        inner = (
            exp.select(b.named(row("word"), "word"), numbered)
            .from_(b.table(ROWS, "r"))
            .where(b.in_words(row("word"), names))
        )
        source = exp.Subquery(this=inner, alias=exp.TableAlias(this=b.quoted("w")))
        there = exp.EQ(this=b.column("number", "w"), expression=b.number(number))
        return exp.Subquery(this=exp.select(b.column("word", "w")).from_(source).where(there))

    return build


WORDS = ("A", "B", "a", "b", "é", "z", "😀", "\ufb01")
SEVERAL = [
    {"place": 1, "name": "a", "size": 1, "word": "z"},
    {"place": 2, "name": "a", "size": 2, "word": "é"},
    {"place": 3, "name": "a", "size": 2, "word": "B"},
    {"place": 4, "name": "a", "size": 4, "word": "a"},
    {"place": 5, "name": "a", "size": None, "word": "A"},
    {"place": 6, "name": "b", "size": 3, "word": "b"},
    {"place": 7, "name": "c", "size": None, "word": "😀"},
    {"place": 8, "name": "c", "size": None, "word": "\ufb01"},
]
NULL_INTEGER, NULL_TEXT = b.whole(exp.null()), b.text(exp.null())
MORNING = instant("2026-06-15 08:00:00.000001")
GIVEN_DAY = date(2024, 2, 29)

CASES = [
    # CAST
    text("integers as text", b.text, "-5", -5),
    text("the smallest integer as text", b.text, "-9223372036854775808", -(2**63)),
    text("texts as text", b.text, " a'\\b ", " a'\\b "),
    text("days as text", b.text, "2024-02-29", GIVEN_DAY),
    missing("missing text", nothing(exp.DType.TEXT), Kind.TEXT),
    missing("a missing integer as text", b.text, Kind.TEXT, None),
    whole("integers as integers", b.whole, 2**63 - 1, 2**63 - 1),
    missing("a missing integer", nothing(exp.DType.BIGINT), Kind.INTEGER),
    day("a day", literal("2024-02-29", exp.DType.DATE), GIVEN_DAY),
    day("a day before 1970", literal("1969-12-31", exp.DType.DATE), date(1969, 12, 31)),
    missing("a missing day", nothing(exp.DType.DATE), Kind.DATE),
    Case("a time of day", literal("06:00:00", exp.DType.TIME), time(6), Kind.TIME),
    Case("its microseconds", literal("23:59:59.999999", exp.DType.TIME), time(23, 59, 59, 999999), Kind.TIME),
    at("an instant", literal("2026-06-15 08:00:00.000001+00:00", exp.DType.TIMESTAMPTZ), MORNING),
    at("an instant elsewhere", literal("2026-06-15 10:00:00.000001+02:00", exp.DType.TIMESTAMPTZ), MORNING),
    at("an instant before 1970", lambda: b.instant(instant("1969-12-31 23:59:59.5")), instant("1969-12-31 23:59:59.5")),
    missing("a missing instant", nothing(exp.DType.TIMESTAMPTZ), Kind.TIMESTAMP),
    at(
        "a column without a zone", lambda it: exp.cast(it, exp.DType.TIMESTAMPTZ), MORNING, MORNING.replace(tzinfo=None)
    ),
    at("a column with one", lambda it: exp.cast(it, exp.DType.TIMESTAMPTZ), MORNING, MORNING),
    # TRY_CAST
    whole("what fits", lambda it: exp.TryCast(this=it, to=exp.DataType.build("BIGINT")), 7, 7),
    missing(
        "what does not fit",
        lambda: exp.TryCast(this=exp.Literal.number(2**63), to=exp.DataType.build("BIGINT")),
        Kind.INTEGER,
    ),
    # INTERVAL
    at("seconds later", shifted(exp.Add, 3_600, "SECOND"), instant("2026-03-08 10:30"), instant("2026-03-08 09:30")),
    at(
        "a day of seconds", shifted(exp.Add, 86_400, "SECOND"), instant("2026-03-09 06:30"), instant("2026-03-08 06:30")
    ),
    at("seconds before", shifted(exp.Sub, 1, "SECOND"), instant("1969-12-31 23:59:59"), instant("1970-01-01 00:00")),
    at("less than no seconds", shifted(exp.Add, -90, "SECOND"), instant("2026-01-01"), instant("2026-01-01 00:01:30")),
    at("a microsecond later", shifted(exp.Add, 1, "MICROSECOND"), MORNING + timedelta(microseconds=1), MORNING),
    at("a microsecond before", shifted(exp.Sub, 1, "MICROSECOND"), MORNING - timedelta(microseconds=1), MORNING),
    text("a year after 29 February", years(exp.Add, 1), "2025-02-28", GIVEN_DAY),
    text("four years after it", years(exp.Add, 4), "2028-02-29", GIVEN_DAY),
    text("a year before it", years(exp.Sub, 1), "2023-02-28", GIVEN_DAY),
    text("years after another day", years(exp.Add, 18), "2026-03-01", date(2008, 3, 1)),
    # EXTRACT
    whole("a year", extracted("YEAR"), 2024, GIVEN_DAY),
    whole("a month", extracted("MONTH"), 2, GIVEN_DAY),
    whole("a day of the month", extracted("DAY"), 29, GIVEN_DAY),
    whole("a year before 1970", extracted("YEAR"), 1969, date(1969, 12, 31)),
    missing("the year of no day", lambda: b.part("YEAR", exp.cast(exp.null(), exp.DType.DATE)), Kind.INTEGER),
    # comparison
    false("letters of another case", binary(exp.EQ), "a", "A"),
    false("a space at the end", binary(exp.EQ), "a", "a "),
    false("a letter and its accent", binary(exp.EQ), "é", "e\u0301"),
    false("nothing and a space", binary(exp.EQ), "", " "),
    true("capitals before small letters", in_order(exp.LT), "B", "a"),
    true("accents behind the alphabet", in_order(exp.GT), "é", "z"),
    true("above the first plane", in_order(exp.GT), "😀", "\ufb01"),
    true("a text before a longer one", in_order(exp.LT), "a", "a "),
    true("before itself in small letters", lambda it: in_order(exp.LT)(it, exp.Lower(this=it.copy())), "B"),
    true("one of several", lambda it: b.in_words(it, ["A", "a"]), "a"),
    false("of another case than several", lambda it: b.in_words(it, ["A", "B"]), "a"),
    true(
        "between texts",
        lambda it: exp.Between(this=it, low=b.text(exp.Literal.string("a")), high=b.text(exp.Literal.string("b"))),
        "az",
    ),
    false(
        "not between texts",
        lambda it: exp.Between(this=it, low=b.text(exp.Literal.string("a")), high=b.text(exp.Literal.string("b"))),
        "B",
    ),
    true("a microsecond earlier", binary(exp.LT), MORNING - timedelta(microseconds=1), MORNING),
    true("a backslash is one character", binary(exp.EQ), "a\\b", "a\\b"),
    true("a literal with a backslash", lambda it: exp.EQ(this=it, expression=exp.Literal.string("a\\nb'c")), "a\\nb'c"),
    missing("equal to what is missing", lambda it: exp.EQ(this=it, expression=NULL_INTEGER.copy()), Kind.BOOLEAN, 1),
    *(text(f"texts in order, {number}", placed(WORDS, number), word) for number, word in enumerate(sorted(WORDS), 1)),
    # LOWER, LENGTH, TRIM
    text("lower case", lambda it: exp.Lower(this=it), "åé ß", "ÅÉ ẞ"),
    text("lower case, one character for one", lambda it: exp.Lower(this=it), "iσ", "İΣ"),
    text("lower case of what has none", lambda it: exp.Lower(this=it), "ß1😀", "ß1😀"),
    whole("length", lambda it: exp.Length(this=it), 3, "é😀e"),
    whole("length of nothing", lambda it: exp.Length(this=it), 0, ""),
    text("without outer spaces", lambda it: exp.Trim(this=it), "a b", "  a b "),
    text("with outer tabs", lambda it: exp.Trim(this=it), "\ta\n", " \ta\n "),
    # || + - * AND OR
    text("joined", lambda one, other: exp.DPipe(this=one, expression=other), "ab ", "a", "b "),
    missing("joined with nothing", lambda it: exp.DPipe(this=it, expression=NULL_TEXT.copy()), Kind.TEXT, "a"),
    whole("a sum beyond 32 bits", binary(exp.Add), 2**32 - 2, 2**31 - 1, 2**31 - 1),
    whole("a difference", binary(exp.Sub), -(2**63) + 1, -(2**63), -1),
    whole("a product beyond 32 bits", binary(exp.Mul), 2**62, 2**31, 2**31),
    missing("a sum with nothing", lambda it: exp.Add(this=it, expression=NULL_INTEGER.copy()), Kind.INTEGER, 1),
    *(
        Case(
            f"{one} {name} {other}",
            lambda one=one, other=other, kind=kind: kind(this=said_truth(one), expression=said_truth(other)),
            wanted,
            Kind.BOOLEAN,
        )
        for name, kind, wanted, one, other in [
            ("and", exp.And, False, None, False),
            ("and", exp.And, None, None, True),
            ("and", exp.And, False, False, None),
            ("or", exp.Or, True, None, True),
            ("or", exp.Or, None, None, False),
            ("or", exp.Or, True, True, None),
        ]
    ),
    missing("not what is missing", lambda: exp.Not(this=exp.paren(said_truth(None))), Kind.BOOLEAN),
    # // %
    whole("a quotient", binary(exp.IntDiv), 3, 7, 2),
    whole("a quotient below zero", binary(exp.IntDiv), -3, -7, 2),
    whole("a quotient by less than zero", binary(exp.IntDiv), -3, 7, -2),
    whole("a rest", binary(exp.Mod), 1, 7, 3),
    whole("a rest below zero", binary(exp.Mod), -1, -7, 3),
    # LEAST GREATEST COALESCE
    whole("the least", function("LEAST"), 1, 3, 1, 2),
    whole("the least without what is missing", function("LEAST"), 1, 3, None, 1),
    whole("the greatest without what is missing", function("GREATEST"), 3, None, 3),
    missing("the greatest of nothing", function("GREATEST"), Kind.INTEGER, None, None),
    at("the later instant", function("GREATEST"), MORNING, MORNING, MORNING - timedelta(microseconds=1)),
    whole("the first that is there", function("COALESCE"), 2, None, 2, 3),
    # MIN MAX SUM COUNT
    whole("the smallest", lambda: of_rows(exp.Min(this=row("size"))), 1),
    whole("the largest", lambda: of_rows(exp.Max(this=row("size"))), 4),
    text("the smallest text", lambda: of_rows(dialect().smallest(row("word"), TEXTS)), "A"),
    text("the largest text", lambda: of_rows(exp.Max(this=dialect().in_order(row("word"), TEXTS))), "😀"),
    whole("a sum", lambda: of_rows(b.whole(exp.Sum(this=row("size")))), 12),
    whole("how many rows", lambda: of_rows(exp.Count(this=exp.Star())), 8),
    whole("how many values", lambda: of_rows(exp.Count(this=row("size"))), 5),
    whole("how many different ones", lambda: of_rows(exp.Count(this=exp.Distinct(expressions=[row("size")]))), 4),
    missing("the smallest of no rows", lambda: of_rows(exp.Min(this=row("size")), is_("name", "x")), Kind.INTEGER),
    missing("the sum of no rows", lambda: of_rows(b.whole(exp.Sum(this=row("size"))), is_("name", "x")), Kind.INTEGER),
    missing("the sum of nothing", lambda: of_rows(b.whole(exp.Sum(this=row("size"))), is_("name", "c")), Kind.INTEGER),
    whole("the number of no rows", lambda: of_rows(exp.Count(this=exp.Star()), is_("name", "x")), 0),
    # windows
    whole("a place", windowed(lambda: exp.RowNumber(), 3, order=by_size()), 3),
    whole("a place from the end", windowed(lambda: exp.RowNumber(), 4, order=by_size(True)), 1),
    whole("missing ones last", windowed(lambda: exp.RowNumber(), 5, order=by_size()), 5),
    whole("missing ones last, from the end", windowed(lambda: exp.RowNumber(), 5, order=by_size(True)), 5),
    whole("the one before", windowed(lambda: exp.Lag(this=row("size")), 2, order=by_size()), 1),
    missing("before the first", windowed(lambda: exp.Lag(this=row("size")), 1, order=by_size()), Kind.INTEGER),
    whole("how many so far, with peers", windowed(lambda: exp.Count(this=row("size")), 2, order=with_peers), 3),
    whole("the largest so far", windowed(lambda: exp.Max(this=row("size")), 4, order=with_peers), 4),
    whole("how many in all", windowed(lambda: exp.Count(this=exp.Star()), 1), 5),
    # joins and queries
    missing("an integer beside nothing", joined("size"), Kind.INTEGER),
    missing("a text beside nothing", joined("word"), Kind.TEXT),
    true("in a query", listed(4)),
    false("not in a query", listed(5)),
    true("the complement", listed(5, negated=True)),
    true("there is", exists(4)),
    false("there is not", exists(5)),
    # methods of the dialect
    text("a weekday", lambda it: dialect().weekday(it), "thursday", GIVEN_DAY),
    text("a Sunday", lambda it: dialect().weekday(it), "sunday", date(2026, 3, 1)),
    missing("the weekday of no day", lambda: dialect().weekday(exp.cast(exp.null(), exp.DType.DATE)), Kind.TEXT),
    day("the Monday before a Sunday", lambda it: dialect().start_of(it, "week"), date(2026, 2, 23), date(2026, 3, 1)),
    day("a Monday", lambda it: dialect().start_of(it, "week"), date(2026, 2, 23), date(2026, 2, 23)),
    day("the first of a month", lambda it: dialect().start_of(it, "month"), date(2024, 2, 1), GIVEN_DAY),
    day("the first of a year", lambda it: dialect().start_of(it, "year"), date(2024, 1, 1), GIVEN_DAY),
    day("a month later", lambda it: dialect().shift_day(it, 1, "month"), date(2026, 2, 28), date(2026, 1, 31)),
    day("a month before", lambda it: dialect().shift_day(it, -1, "month"), date(2026, 2, 28), date(2026, 3, 31)),
    day("a week before", lambda it: dialect().shift_day(it, -1, "week"), date(2024, 2, 22), GIVEN_DAY),
    day("a leap day later", lambda it: dialect().shift_day(it, 1, "year"), date(2025, 2, 28), GIVEN_DAY),
    day("within the years", lambda it: dialect().within_years(it, Kind.DATE), GIVEN_DAY, GIVEN_DAY),
    at("an instant within them", lambda it: dialect().within_years(it, Kind.TIMESTAMP), MORNING, MORNING),
    whole(
        "whole days",
        lambda one, other: dialect().whole_days(one, other),
        1,
        instant("2026-03-07 17:00"),
        instant("2026-03-08 17:00"),
    ),
    whole(
        "not quite a day",
        lambda one, other: dialect().whole_days(one, other),
        0,
        instant("2026-03-07 17:00:00.000001"),
        instant("2026-03-08 17:00"),
    ),
    *(
        day(
            f"the day in {zone}",
            lambda it, zone=zone: dialect().local_day(it, exp.Literal.string(zone)),
            wanted,
            instant("2026-02-28 23:30"),
        )
        for zone, wanted in [
            ("UTC", date(2026, 2, 28)),
            ("Pacific/Auckland", date(2026, 3, 1)),
            ("America/New_York", date(2026, 2, 28)),
        ]
    ),
    *(
        Case(
            f"the clock at {moment}",
            lambda it: dialect().local_time(it, exp.Literal.string("America/New_York")),
            wanted,
            Kind.TIME,
            (instant(moment),),
        )
        for moment, wanted in [
            ("2026-03-08 06:59:59.999999", time(1, 59, 59, 999999)),
            ("2026-03-08 07:00", time(3)),
            ("2026-11-01 05:30", time(1, 30)),
            ("2026-11-01 06:30", time(1, 30)),
        ]
    ),
    day(
        "a zone of a row",
        lambda it, zone: dialect().local_day(it, zone),
        date(2026, 3, 1),
        instant("2026-02-28 23:30"),
        "Asia/Tokyo",
    ),
    true("contains", said("contains"), "100%_", "%_"),
    false("a percent sign is no wildcard", said("contains"), "100", "%"),
    false("an underscore is no wildcard", said("starts with"), "ab", "a_"),
    true("a backslash is no escape", said("ends with"), "a\\", "\\"),
    true("every text contains nothing", said("contains"), "a", ""),
    false("of another case", said("starts with"), "abc", "A"),
    false("a text does not begin with a longer one", said("starts with"), "a", "ab"),
    false("a text does not end with a longer one", said("ends with"), "a", "ba"),
    true("fits", fits("[0-9]{3}"), "abc123"),
    true("a dot is a line break, too", fits("a.b"), "a\nb"),
    false("the end is the end", fits("a$"), "a\n"),
    false("the begin is the begin", fits("^b"), "a\nb"),
    true("fits in another case", fits("abc", True), "ABC"),
    false("does not fit in another case", fits("abc"), "ABC"),
    whole("rounded down", lambda it: dialect().floor_divide(it, 10_000), -1, -1),
    whole("rounded down from above", lambda it: dialect().floor_divide(it, 10_000), 17, 179_999),
    whole("rounded down exactly", lambda it: dialect().floor_divide(it, 10_000), -2, -20_000),
    whole("a bucket", lambda it: dialect().hash_bucket(it), int(md5("ä:1".encode()).hexdigest()[:7], 16), "ä:1"),
    text("an instant in RFC 3339", lambda it: dialect().rfc3339(it), "2026-06-15T08:00:00Z", MORNING),
    text("one before 1970", lambda it: dialect().rfc3339(it), "1969-12-31T23:59:59Z", instant("1969-12-31 23:59:59.5")),
]


def said_truth(value: bool | None) -> exp.Expr:
    """A truth that is no constant: of a column."""
    return {
        None: exp.EQ(this=b.column("nothing", ROW), expression=b.number(1)),
        True: exp.EQ(this=b.column("one", ROW), expression=b.number(1)),
        False: exp.EQ(this=b.column("one", ROW), expression=b.number(2)),
    }[value]


# -------------------------------------------------------------------------------------------------------- the row

TYPES = {
    str: (pa.string(), Kind.TEXT),
    int: (pa.int64(), Kind.INTEGER),
    date: (pa.date32(), Kind.DATE),
    datetime: (pa.timestamp("us", "UTC"), Kind.TIMESTAMP),
    type(None): (pa.int64(), Kind.INTEGER),
}
NAIVE = pa.timestamp("us")


def _columns() -> dict[str, tuple[pa.DataType, Kind, Any]]:
    """What goes in: the name of its column, its type, and the value."""
    found: dict[str, tuple[pa.DataType, Kind, Any]] = {
        "one": (pa.int64(), Kind.INTEGER, 1),
        "nothing": (pa.int64(), Kind.INTEGER, None),
    }
    for number, case in enumerate(CASES):
        for place_, value in enumerate(case.given):
            type_, kind = TYPES[type(value)]
            naive = isinstance(value, datetime) and value.tzinfo is None
            found[f"c{number}_{place_}"] = (NAIVE if naive else type_, kind, value)
    return found


COLUMNS = _columns()
SCHEMA = {
    ROW: {name: type_ for name, (type_, _, _) in COLUMNS.items()},
    ROWS: {"place": pa.int64(), "name": pa.string(), "size": pa.int64(), "word": pa.string()},
}
TABLES = {ROW: [{name: value for name, (_, _, value) in COLUMNS.items()}], ROWS: SEVERAL}


def answer(value: exp.Expr, kind: Kind) -> Any:
    """What a value is in the row."""
    load(SCHEMA, TABLES)
    query = exp.select(b.named(value, "answer")).from_(b.table(ROW, ROW))
    (found,) = ask(render(query, dialect().name))
    return as_kind(found["answer"], kind)


def made(number: int) -> exp.Expr:
    """A case as the dialect says it."""
    given = []
    for place_ in range(len(CASES[number].given)):
        name = f"c{number}_{place_}"
        given.append(dialect().stored(b.column(name, ROW), Type(COLUMNS[name][1], True)))
    return CASES[number].build(*given)


@cache
def all_answers() -> dict[str, Any]:
    """All cases in one query, for an engine whose every query takes long."""
    load(SCHEMA, TABLES)
    values = [b.named(made(number), f"answer_{number}") for number in range(len(CASES))]
    (found,) = ask(render(exp.select(*values).from_(b.table(ROW, ROW)), dialect().name))
    return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: CASES[number].name)
def test_primitives(number: int) -> None:
    case = CASES[number]
    if getattr(warehouse(), "asks_slowly", False):
        found = as_kind(all_answers()[f"answer_{number}"], case.kind)
    else:
        found = answer(made(number), case.kind)
    assert found == case.wanted


def test_a_recursive_query() -> None:
    first = exp.select(b.named(b.whole(b.number(1)), "n"))
    following = exp.select(b.plus(b.column("n", "counted"), b.number(1))).from_(b.table("counted"))
    following = following.where(exp.LT(this=b.column("n", "counted"), expression=b.number(5)))
    body = exp.Union(this=first, expression=following, distinct=False)
    cte = exp.CTE(this=body, alias=exp.TableAlias(this=b.quoted("counted"), columns=[b.quoted("n")]))
    query = exp.select(b.named(exp.Max(this=b.column("n", "counted")), "answer")).from_(b.table("counted"))
    query.set("with_", exp.With(expressions=[cte], recursive=True))
    assert ask(render(query, dialect().name)) == [{"answer": 5}]


def test_its_zones_are_those_of_the_tz_database() -> None:
    query = dialect().zones()
    assert {found["name"] for found in ask(render(query, dialect().name))} <= zone_names()
    assert len(ask(render(query, dialect().name))) > 400
