"""ClickHouse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.clickhouse_functions import (
    DAY,
    DECIMAL,
    EXACT,
    call,
    inside,
    narrowed,
    number,
    of_type,
    text,
)
from campaign_dsl.compile.sql.dialects.clickhouse_writer import Written
from campaign_dsl.compile.sql.dialects.plain import Plain
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.language.catalog.types import WEEKDAYS, Kind, Type

_TYPES = {
    Kind.TEXT: exp.DType.TEXT,
    Kind.ENUM: exp.DType.TEXT,
    Kind.INTEGER: exp.DType.BIGINT,
    Kind.DECIMAL: exp.DType.DECIMAL,
    Kind.BOOLEAN: exp.DType.BOOLEAN,
    Kind.DATE: exp.DType.DATE,
    Kind.TIMESTAMP: exp.DType.TIMESTAMPTZ,
    Kind.TIME: exp.DType.TIME,
    Kind.DURATION: exp.DType.INTERVAL,
    Kind.GEO: exp.DType.DOUBLE,
}
_DAY = 86_400_000_000
_FIRST_INSTANT, _LAST_INSTANT = -62_135_596_800_000_000, 253_402_300_799_999_999
_MONTHS = {"addMonths": 1, "addYears": 12}
_LAST_MONTH = 9_999 * 12 + 12


class ClickHouse(Plain):
    """ClickHouse, embedded or a server. Its lists are never missing, only empty."""

    name: ClassVar[str] = "clickhouse"
    writer: ClassVar[type[sqlglot.Dialect]] = Written
    runs: ClassVar[bool] = True
    lacks: ClassVar[Mapping[Feature, Gap]] = {
        Feature.MISSING_LISTS: Gap(When.UPSTREAM, "its arrays cannot be NULL: a list is never missing, only empty")
    }

    # ---- what is read

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        if type_ is not None and type_.kind is Kind.DECIMAL:
            return call(EXACT, column)
        if type_ is not None and type_.kind is Kind.DATE:
            return call(DAY, column)
        return column

    def decimal(self, number: exp.Expr) -> exp.Expr:
        if isinstance(number.this if isinstance(number, exp.Neg) else number, exp.Literal):
            number = text(("-" if isinstance(number, exp.Neg) else "") + number.name)
        return exp.cast(number, exp.DType.DECIMAL)

    def nothing(self, type_: Type) -> exp.Expr:
        if type_.kind is Kind.LIST:
            return exp.Array(expressions=[])
        return exp.cast(exp.null(), _TYPES[type_.kind]) if type_.kind in _TYPES else exp.null()

    # ---- days and instants

    def zones(self) -> exp.Select:
        name = b.named(exp.column("time_zone", quoted=True), "name")
        return exp.select(name).from_(exp.Table(this=b.quoted("time_zones"), db=b.quoted("system")), copy=False)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return call("toDate32", moment, zone) if zone.is_string else call("local_day", moment, zone)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return call("local_time", moment, zone)

    def weekday(self, day: exp.Expr) -> exp.Expr:
        names = exp.Array(expressions=[text(name) for name in WEEKDAYS])
        return call("arrayElement", names, call("toDayOfWeek", day))

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        # `toMonday` and its like give `Date`, which begins in 1970.
        return call("dateTrunc", text(unit), day)

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        if count == 0:
            return day
        function = {"day": "addDays", "week": "addWeeks", "month": "addMonths", "year": "addYears"}[unit]
        return call(function, day, b.number(count))

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        if kind is Kind.TIMESTAMP:
            return _instant(_inside_years(_microseconds(moment)))
        edges = [exp.cast(text(edge), exp.DType.DATE) for edge in ("0001-01-01", "9999-12-31")]
        return inside(moment, call("addDays", edges[0], b.number(-1)), call("addDays", edges[1], number(1)))

    def elapsed(self, end: exp.Expr, start: exp.Expr) -> exp.Expr:
        passed = exp.Sub(this=_microseconds(end), expression=_microseconds(start))
        return call("toIntervalMicrosecond", passed)

    def moved(self, op: str, moment: exp.Expr, duration: exp.Expr) -> exp.Expr:
        kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub}[op]
        there = kind(this=_microseconds(moment), expression=b.whole(duration))
        return _instant(_inside_years(there))

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        sides = [_microseconds(each) for each in (end, start)]
        return exp.IntDiv(this=exp.Sub(this=sides[0], expression=sides[1]), expression=number(_DAY))

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        return call("formatDateTime", exp.cast(moment, exp.DType.TIMESTAMPTZ), text("%FT%TZ"), text("UTC"))

    # ---- texts

    def text_test(self, op: str, value: exp.Expr, text: exp.Expr) -> exp.Expr:
        # Functions, not LIKE: `%`, `_` and `\\` are ordinary characters.
        if op == "contains":
            return exp.GT(this=call("position", value, text), expression=number(0))
        return call({"starts with": "startsWith", "ends with": "endsWith"}[op], value, text)

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        return call("substringIndex", value, text(mark), number(1))

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        # `s`: a dot is a line break, too.
        return call("match", value, text(("(?is)" if ignoring_case else "(?s)") + pattern))

    def hash_bucket(self, text: exp.Expr) -> exp.Expr:
        first = call("reverse", call("substring", call("MD5", text), number(1), number(4)))
        return call("bitShiftRight", call("reinterpretAsUInt32", first), number(4))

    # ---- records and lists

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        return call("tupleElement", record, text(name))

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return call("length", items)

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        # `hasAll` and `hasAny` take an element that is NULL for '' or 0.
        each = [call("has", items.copy(), value) for value in wanted]
        return exp.paren(exp.and_(*each, copy=False) if all_of else exp.or_(*each, copy=False), copy=False)

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        wanted = exp.Lambda(
            this=exp.func("COALESCE", test, exp.false()), expressions=[exp.to_identifier(element, quoted=True)]
        )
        return call("arrayCount", wanted, items)

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        known = b.known(value)
        lists = [call("groupArrayIf", call("assumeNotNull", each.copy()), known.copy()) for each in (key, value)]
        return call("mapFromArrays", *lists)

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        found = call("mapContains", pairs, key)
        return exp.Case().when(found, call("arrayElement", pairs.copy(), key.copy()), copy=False)

    def in_turn(self, source: exp.Table, owner: str, position: str, start: str, ordinal: str) -> exp.Select:
        # A recursive query would read the events again at each step: this goes through each owner's rows once.
        pair = call("tuple", *(b.whole(b.column(name, source.name)) for name in (position, start)))
        listed = call("arraySort", call("groupArray", pair))
        found, row = (exp.Column(this=b.quoted(name)) for name in ("found", "row"))
        latest = call("arrayElement", found, b.number(-1))  # 0 when there is none
        behind = exp.GT(this=call("tupleElement", row, number(2)), expression=latest)
        longer = call("arrayPushBack", found.copy(), call("tupleElement", row.copy(), number(1)))
        taken = exp.Lambda(
            this=call("if", behind, longer, found.copy()), expressions=[b.quoted("found"), b.quoted("row")]
        )
        turns = call("arrayFold", taken, listed, of_type(exp.Array(expressions=[]), "Array(Int64)"))
        complete = exp.GT(this=b.column(start, source.name), expression=number(0))
        grouped = (
            exp.select(b.column(owner, source.name), b.named(turns, "found"))
            .from_(source, copy=False)
            .where(complete, copy=False)
            .group_by(b.column(owner, source.name), copy=False)
        )
        numbered = call("arrayZip", b.column("found", "turns"), call("arrayEnumerate", b.column("found", "turns")))
        each = exp.select(b.column(owner, "turns"), b.named(call("arrayJoin", numbered), "turn")).from_(
            _subquery(grouped, "turns"), copy=False
        )
        place, turn = (call("tupleElement", b.column("turn", "turn"), number(part)) for part in (1, 2))
        return exp.select(b.column(owner, "turn"), b.named(place, position), b.named(b.whole(turn), ordinal)).from_(
            _subquery(each, "turn"), copy=False
        )

    # ---- numbers

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        name = {"+": "sum", "-": "difference", "*": "product"}[op]
        return call(f"{'decimal' if kind is Kind.DECIMAL else 'integer'}_{name}", left, right)

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        return exp.Abs(this=number) if kind is Kind.DECIMAL else narrowed(exp.Abs(this=call("toInt128", number)))

    def total(self, number: exp.Expr) -> exp.Expr:
        # Sums of integers wrap around; those of decimals of 256 bits, which this makes of either, do not.
        return exp.Sum(this=exp.Mul(this=number, expression=of_type(text("1"), "Decimal(76, 0)")))

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        return b.whole(exp.Floor(this=exp.Div(this=value, expression=number(divisor), typed=False, safe=False)))

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        return of_type(call("round", call("decimal_quotient", left, right), number(digits)), DECIMAL)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        dividend = of_type(total, DECIMAL) if whole else total
        several = call("nullIf", of_type(count, "Decimal(76, 0)"), number(0))  # it divides where all are missing, too
        return call("round", exp.Div(this=dividend, expression=several, typed=False, safe=False), number(digits))

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        # Of decimals `round` takes halves away from zero; only of binary floats it does not.
        if mode != "up":
            function = {"half up": "round", "half even": "roundBankers", "down": "trunc"}[mode]
            return call(function, value, number(digits))
        it = exp.Column(this=exp.to_identifier("x"))
        below = exp.LT(this=it, expression=number(0))
        ends = [call(name, it.copy(), number(digits)) for name in ("floor", "ceil")]
        body = exp.Lambda(this=call("if", below, *ends), expressions=[exp.to_identifier("x")])
        return call("arrayElement", call("arrayMap", body, exp.Array(expressions=[value])), number(1))

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        if isinstance(value, exp.Cast) and value.to.this is exp.DType.BIGINT:
            return narrowed(call("toInt256", value.this))
        if value.name in _MONTHS and (months := _MONTHS[value.name] * int(value.expressions[1].name)) > 0:
            return self._before_the_last_year(value, months)
        return value  # days and instants do not fail: `within_years` finds those that are none

    def _before_the_last_year(self, moved: exp.Expr, months: int) -> exp.Expr:
        """ClickHouse leaves what is moved beyond the year 9999 in that year, so it is not moved at all."""
        day = moved.expressions[0]
        month = b.plus(b.times(b.part("YEAR", day), 12), b.part("MONTH", day))
        last = exp.LTE(this=month, expression=number(_LAST_MONTH - months))
        return exp.Case().when(last, moved, copy=False)

    # ---- JSON

    def json_object(self, pairs: list[tuple[str, exp.Expr, Type]]) -> exp.Expr:
        if not pairs:
            return text("{}")
        members = []
        for name, value, type_ in pairs:
            value = exp.cast(value, exp.DType.BOOLEAN) if type_.kind is Kind.BOOLEAN else value
            written = call("nullIf", call("toJSONString", value), text("null"))
            members.append(exp.DPipe(this=text(json.dumps(name) + ":"), expression=written))
        member = exp.Column(this=exp.to_identifier("member"))
        there = exp.Lambda(this=b.known(member), expressions=[exp.to_identifier("member")])
        kept = call("arrayFilter", there, exp.Array(expressions=members))
        return call("concat", text("{"), call("arrayStringConcat", kept, text(",")), text("}"))

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        parsed = call("JSONExtract", exp.func("COALESCE", array, text("[]")), text("Array(String)"))
        return exp.select(b.named(call("arrayJoin", parsed), name)).from_(source, copy=False)


def _subquery(query: exp.Select, alias: str) -> exp.Subquery:
    return exp.Subquery(this=query, alias=exp.TableAlias(this=b.quoted(alias)))


def _microseconds(moment: exp.Expr) -> exp.Expr:
    """Since 1970, in UTC. Columns may be of the type `DateTime`, which counts seconds."""
    if not (isinstance(moment, exp.Cast) and moment.to.this is exp.DType.TIMESTAMPTZ):
        moment = exp.cast(moment, exp.DType.TIMESTAMPTZ)
    return call("toUnixTimestamp64Micro", moment)


def _instant(microseconds: exp.Expr) -> exp.Expr:
    return call("fromUnixTimestamp64Micro", microseconds, text("UTC"))


def _inside_years(microseconds: exp.Expr) -> exp.Expr:
    return inside(microseconds, b.number(_FIRST_INSTANT - 1), b.number(_LAST_INSTANT + 1))
