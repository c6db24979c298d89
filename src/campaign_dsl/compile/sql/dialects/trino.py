"""Trino. Each form is that of its documentation; pages are named where it is not obvious."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.dialects.common import (
    Common,
    call,
    known_zones,
    text,
    years_of_a_day,
)
from campaign_dsl.compile.sql.dialects.patterns import ending_there
from campaign_dsl.compile.sql.dialects.speller import Speller
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.language.catalog.types import Kind, Type

_EXACT = "DECIMAL(38, 0)"


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "VARCHAR",
        exp.DType.BIGINT: "BIGINT",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME(6)",
        exp.DType.TIMESTAMPTZ: "TIMESTAMP(6) WITH TIME ZONE",
        exp.DType.DOUBLE: "DOUBLE",
        exp.DType.DECIMAL: "DECIMAL",
        exp.DType.BOOLEAN: "BOOLEAN",
        exp.DType.JSON: "JSON",
        exp.DType.VARBINARY: "VARBINARY",
        exp.DType.ARRAY: "ARRAY",
    }
    TRIM: ClassVar[str] = "TRIM(BOTH ' ' FROM {})"

    def moved(self, moment: str, count: int, unit: str) -> str:
        return f"DATE_ADD('{unit.lower()}', {count}, {moment})"

    def array_sql(self, expression: exp.Array) -> str:
        return f"ARRAY[{self.expressions(expression, flat=True)}]"


class _Written(sqlglot.Dialect):
    Generator = _Generator


class Trino(Common):
    """Trino. What fails is NULL inside of TRY; lists are arrays, records rows. Its text compares by code point."""

    name: ClassVar[str] = "trino"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    lacks: ClassVar[Mapping[Feature, Gap]] = {
        Feature.DURATIONS: Gap(When.NEVER, "an interval counts milliseconds there, and an instant microseconds"),
    }
    session: ClassVar[tuple[str, ...]] = ("SET TIME ZONE 'UTC'",)
    differs: ClassVar[tuple[str, ...]] = (
        "recency is counted in milliseconds",
        "columns of type CHAR compare with trailing spaces",
        "decimals in a sum keep twelve digits after the point",
    )

    def zones(self) -> exp.Select:
        source = exp.Table(this=call("UNNEST", call("SPLIT", known_zones(), " ")))
        columns = [exp.to_identifier("name", quoted=True)]
        source.set("alias", exp.TableAlias(this=exp.to_identifier("z", quoted=True), columns=columns))
        return exp.select(exp.column("name", table="z", quoted=True)).from_(source, copy=False)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        # The function, since the operator AT TIME ZONE takes nothing but literals.
        return exp.cast(call("AT_TIMEZONE", moment, zone), exp.DType.DATE)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(call("AT_TIMEZONE", moment, zone), exp.DType.TIME)

    def iso_weekday(self, day: exp.Expr) -> exp.Expr:
        return call("DAY_OF_WEEK", day)

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        return call("DATE_TRUNC", unit, day)

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        return day if count == 0 else call("DATE_ADD", unit, count, day)

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        return years_of_a_day(moment, call("YEAR", moment.copy()))

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        # "date_diff": whole units; of milliseconds, since a day of instants with a zone may have 23 hours.
        passed = call("DATE_DIFF", "millisecond", exp.cast(start, exp.DType.TIMESTAMPTZ), end)
        return exp.IntDiv(this=passed, expression=exp.Literal.number(86_400_000))

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        match op:
            case "contains":
                return exp.GT(this=call("STRPOS", value, wanted), expression=exp.Literal.number(0))
            case "starts with":
                return call("STARTS_WITH", value, wanted)
        # There is no function for the end of a text.
        return call("STARTS_WITH", call("REVERSE", value), call("REVERSE", wanted))

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        return call("REGEXP_LIKE", value, f"(?{'is' if ignoring_case else 's'}){ending_there(pattern)}")

    # ---- lists and records

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        whole = record if isinstance(record, exp.Column | exp.Dot) else exp.paren(record, copy=False)
        return exp.Dot(this=whole, expression=exp.to_identifier(name, quoted=True))

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return call("CARDINALITY", items)

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        chosen = list(dict.fromkeys(wanted))
        listed = exp.Array(expressions=chosen)
        common = call("CARDINALITY", call("ARRAY_INTERSECT", items, listed))
        if all_of:
            return exp.EQ(this=common, expression=exp.Literal.number(len(chosen)))
        return exp.GT(this=common, expression=exp.Literal.number(0))

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        kept = call("FILTER", items, exp.Lambda(this=test, expressions=[exp.to_identifier(element)]))
        return self.list_length(kept, type_)

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        return call("MAP_AGG", key, value)

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        return call("ELEMENT_AT", pairs, key)

    def in_turn(self, source: exp.Table, owner: str, position: str, start: str, ordinal: str) -> exp.Select | None:
        # "WITH RECURSIVE": an experiment, and it ends after ten steps. `reduce` goes through the rows in their order.
        def of(name: str, alias: str) -> exp.Column:
            return exp.column(name, table=alias, quoted=True)

        rows = call("ARRAY_AGG", call("ROW", of(position, source.name), of(start, source.name)))
        found, row = (exp.Column(this=exp.to_identifier(name, quoted=True)) for name in ("found", "row"))
        there, begun = (exp.Bracket(this=row.copy(), expressions=[exp.Literal.number(field)]) for field in (1, 2))
        last = exp.func("COALESCE", call("ELEMENT_AT", found, -1), exp.Literal.number(0))
        longer = exp.DPipe(this=found.copy(), expression=there)
        step = exp.Case().when(exp.GT(this=begun, expression=last), longer, copy=False).else_(found.copy(), copy=False)
        nothing = exp.Cast(this=exp.Array(expressions=[]), to=exp.DataType.build("ARRAY<BIGINT>"))
        taken = exp.Lambda(this=step, expressions=[found.this.copy(), row.this.copy()])
        whole = exp.Lambda(this=found.copy(), expressions=[found.this.copy()])
        turns = call("REDUCE", call("ARRAY_SORT", rows), nothing, taken, whole)
        grouped = exp.select(of(owner, source.name), exp.alias_(turns, "found", quoted=True)).from_(source, copy=False)
        complete = exp.GT(this=of(start, source.name), expression=exp.Literal.number(0))
        grouped = grouped.where(complete, copy=False).group_by(of(owner, source.name), copy=False)
        inner = exp.Subquery(this=grouped, alias=exp.TableAlias(this=exp.to_identifier("turns", quoted=True)))
        columns = [exp.to_identifier(name, quoted=True) for name in (position, ordinal)]
        alias = exp.TableAlias(this=exp.to_identifier("turn", quoted=True), columns=columns)
        listed = exp.Table(this=call("UNNEST", of("found", "turns")), ordinality=True, alias=alias)
        query = exp.select(of(owner, "turns"), of(position, "turn"), of(ordinal, "turn")).from_(inner, copy=False)
        return query.join(exp.Join(this=listed, kind="CROSS"), copy=False)

    # ---- numbers

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        made: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[op]
        return self.missing_on_error(made(this=left, expression=right))

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        return self.missing_on_error(exp.Abs(this=number))

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        return call("TRY", value)

    def total(self, number: exp.Expr) -> exp.Expr:
        # "Aggregate functions": of BIGINT the sum is one, too, and fails beyond 64 bits.
        return exp.Sum(this=exp.cast(number, exp.DataType.build("DECIMAL(38, 12)")))

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        return _divided(_units(left), _units(right), digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        number = exp.cast(count, exp.DataType.build(_EXACT))
        if whole:
            return _divided(exp.TryCast(this=total, to=exp.DataType.build(_EXACT)), number, digits)
        return _divided(_units(total), exp.Mul(this=number, expression=_power(12)), digits)

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        digits = call("TO_HEX", call("MD5", call("TO_UTF8", salted)))
        return call("FROM_BASE", call("SUBSTR", exp.Lower(this=digits), 1, 7), 16)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        utc = call("AT_TIMEZONE", exp.cast(moment, exp.DType.TIMESTAMPTZ), "UTC")
        return call("DATE_FORMAT", utc, "%Y-%m-%dT%H:%i:%sZ")

    # ---- JSON

    def json_text(self, value: exp.Expr) -> exp.Expr:
        return call("JSON_FORMAT", exp.cast(value, exp.DType.JSON))

    def json_of(self, value: exp.Expr) -> exp.Expr:
        return self.json_text(value)

    def with_commas(self, members: list[exp.Expr]) -> exp.Expr:
        # "array_join": NULL is left out.
        return call("ARRAY_JOIN", exp.Array(expressions=members), ",")

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        parsed = exp.Cast(this=call("JSON_PARSE", array), to=exp.DataType.build("ARRAY<TEXT>"))
        listed = exp.Table(this=call("UNNEST", parsed))
        columns = [exp.to_identifier(name, quoted=True)]
        listed.set("alias", exp.TableAlias(this=exp.to_identifier("t", quoted=True), columns=columns))
        query = exp.select(exp.column(name, table="t", quoted=True)).from_(source, copy=False)
        return query.join(exp.Join(this=listed, kind="CROSS"), copy=False)


def _power(digits: int) -> exp.Expr:
    """10 to the power of ``digits``, as a decimal: as a literal without a point it would be an integer of 64 bits."""
    return exp.cast(text(str(10**digits)), exp.DataType.build(_EXACT))


def _units(value: exp.Expr) -> exp.Expr:
    """``value``, rounded to 12 digits after the point, as a whole number of 10**-12; NULL from 10**13 on."""
    fitting = exp.TryCast(this=value, to=exp.DataType.build("DECIMAL(25, 12)"))
    return exp.cast(
        exp.Mul(this=fitting, expression=exp.cast(_power(12), exp.DataType.build("DECIMAL(13, 0)"))),
        exp.DataType.build(_EXACT),
    )


def _divided(left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
    """ "Decimal functions": the quotient of two decimals without digits after the point has none, and is rounded,
    halves away from zero. So the shift of the point is all there is to do; what overflows is NULL."""
    dividend = exp.Mul(this=left, expression=exp.cast(_power(digits), exp.DataType.build(f"DECIMAL({digits + 1}, 0)")))
    whole = exp.cast(exp.paren(dividend), exp.DataType.build(_EXACT))
    divided = exp.Div(
        this=whole, expression=call("NULLIF", right, exp.cast(exp.Literal.number(0), exp.DataType.build(_EXACT)))
    )
    step = exp.Literal.number("0." + "0" * (digits - 1) + "1")
    return call("TRY", exp.Mul(this=exp.paren(divided), expression=step))
