"""Spark. Each form was run; how nodes are spelled, and what a session has to be set to, is in `spark_writer`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.dialects.common import Usual, call, text
from campaign_dsl.compile.sql.dialects.patterns import ending_there, in_lower_case
from campaign_dsl.compile.sql.dialects.spark_writer import Written
from campaign_dsl.compile.sql.features import Feature, Gap
from campaign_dsl.language.catalog.types import INTEGER, Kind, Type
from campaign_dsl.language.catalog.zones import zone_names

_TURKISH, _PRIVATE = "İı", "\ue000\ue001"
"""Java takes these two for forms of an `i`; in the simple case folding of Unicode they have no other case."""
_UNIT = exp.DataType.build("DECIMAL(38, 0)")


class Spark(Usual):
    """Apache Spark 4, on one machine or many. Typed all through; lists are arrays, records are structs."""

    name: ClassVar[str] = "spark"
    writer: ClassVar[type[sqlglot.Dialect]] = Written
    runs: ClassVar[bool] = True
    lacks: ClassVar[Mapping[Feature, Gap]] = {}
    joins_members: ClassVar[bool] = True  # NOT IN would send what it looks into to every worker, however large
    gathers_outer_joins: ClassVar[bool] = True

    def zones(self) -> exp.Select:
        # No view lists them. JAVA_METHOD could, but nothing that asks it is ever computed once for all.
        listed = call("EXPLODE", call("SPLIT", " ".join(sorted(zone_names())), " "))
        each = exp.select(exp.alias_(listed, "name", quoted=True))
        source = exp.Subquery(this=each, alias=exp.TableAlias(this=exp.to_identifier("z", quoted=True)))
        name = exp.column("name", table="z", quoted=True)
        # An instant there can be read when this Java has the zone.
        there = exp.DPipe(this=text("2000-01-01 00:00:00 "), expression=name.copy())
        known = exp.Is(this=_tried(there, "TIMESTAMPTZ"), expression=exp.null(), negate=True)
        return exp.select(name).from_(source, copy=False).where(known, copy=False)

    def _there(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        # Not FROM_UTC_TIMESTAMP, which moves what the session's zone has moved already.
        return call("CONVERT_TIMEZONE", "UTC", zone, moment)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(self._there(moment, zone), exp.DType.DATE)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(self._there(moment, zone), exp.DType.TIME)

    def weekday(self, day: exp.Expr) -> exp.Expr:
        return call("LOWER", call("DATE_FORMAT", day, "EEEE"))

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        return call("TRUNC", day, unit)  # weeks begin on Monday here

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        if count == 0:
            return day
        days, months = {"day": (1, 0), "week": (7, 0), "month": (0, 1), "year": (0, 12)}[unit]
        return call("DATE_ADD", day, count * days) if days else call("ADD_MONTHS", day, count * months)

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        there = exp.Between(this=call("YEAR", moment), low=_whole(1), high=_whole(9999))
        return exp.Case().when(there, moment.copy(), copy=False)

    def elapsed(self, end: exp.Expr, start: exp.Expr) -> exp.Expr:
        return exp.Sub(this=end, expression=exp.paren(start, copy=False) if isinstance(start, exp.Binary) else start)

    def moved(self, op: str, moment: exp.Expr, duration: exp.Expr) -> exp.Expr:
        return self.within_years(call(_TRIED[op], moment, duration), Kind.TIMESTAMP)

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        sides = [call("UNIX_MICROS", exp.cast(side, exp.DType.TIMESTAMPTZ)) for side in (end, start)]
        passed = exp.paren(exp.Sub(this=sides[0], expression=sides[1]), copy=False)
        return exp.IntDiv(this=passed, expression=_whole(86_400_000_000))

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        return call({"contains": "CONTAINS", "starts with": "STARTSWITH", "ends with": "ENDSWITH"}[op], value, wanted)

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        return call("SUBSTRING_INDEX", value, mark, 1)

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        pattern = ending_there(pattern)
        if not ignoring_case:
            return call("REGEXP_LIKE", value, f"(?s){pattern}")
        pattern = in_lower_case(pattern.translate(str.maketrans(_TURKISH, _PRIVATE)), str.lower)
        # In lower case already: this Java may not know the other case of every character.
        value = exp.Lower(this=call("TRANSLATE", value, _TURKISH, _PRIVATE))
        return call("REGEXP_LIKE", value, f"(?siu){pattern}")

    # ---- lists and records

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        whole = record if isinstance(record, exp.Column | exp.Dot) else exp.paren(record, copy=False)
        return exp.Dot(this=whole, expression=exp.to_identifier(name, quoted=True))

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return call("ARRAY_SIZE", items)

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        # FILTER, since EXISTS is NULL where an element is.
        item = exp.to_identifier("item", quoted=True)
        chosen = list({_literal(each): each for each in wanted}.values())
        test = exp.In(this=exp.Column(this=item), expressions=chosen)
        kept = call("FILTER", items, exp.Lambda(this=test, expressions=[item.copy()]))
        if all_of:
            return exp.EQ(this=call("ARRAY_SIZE", call("ARRAY_DISTINCT", kept)), expression=_whole(len(chosen)))
        return exp.GT(this=call("ARRAY_SIZE", kept), expression=_whole(0))

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        return call(
            "ARRAY_SIZE", call("FILTER", items, exp.Lambda(this=test, expressions=[exp.to_identifier(element)]))
        )

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        return call("MAP_FROM_ENTRIES", call("COLLECT_LIST", call("STRUCT", key, value)))

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        return call("TRY_ELEMENT_AT", pairs, key)

    def in_turn(self, source: exp.Table, owner: str, position: str, start: str, ordinal: str) -> exp.Select | None:
        # Each step of a recursive query would be a job of its own, that reads the events again.
        def of(name: str, alias: str) -> exp.Column:
            return exp.column(name, table=alias, quoted=True)

        rows = call("STRUCT", of(position, source.name), of(start, source.name))
        listed = call("ARRAY_SORT", call("COLLECT_LIST", rows))
        found, row = (exp.to_identifier(name, quoted=True) for name in ("found", "row"))
        last = exp.func("COALESCE", call("TRY_ELEMENT_AT", exp.Column(this=found), -1), _whole(0))
        behind = exp.GT(this=self.record_field(exp.Column(this=row), start, INTEGER), expression=last)
        there = self.record_field(exp.Column(this=row.copy()), position, INTEGER)
        longer = call("ARRAY_APPEND", exp.Column(this=found.copy()), there)
        step = exp.Case().when(behind, longer, copy=False).else_(exp.Column(this=found.copy()), copy=False)
        taken = exp.Lambda(this=step, expressions=[found.copy(), row.copy()])
        turns = call("AGGREGATE", listed, call("FROM_JSON", "[]", "ARRAY<INT>"), taken)
        complete = exp.GT(this=of(start, source.name), expression=_whole(0))
        grouped = exp.select(of(owner, source.name), exp.alias_(turns, "found", quoted=True)).from_(source, copy=False)
        grouped = grouped.where(complete, copy=False).group_by(of(owner, source.name), copy=False)
        inner = exp.Subquery(this=grouped, alias=exp.TableAlias(this=exp.to_identifier("turns", quoted=True)))
        names = [exp.to_identifier(name, quoted=True) for name in (ordinal, position)]
        each = exp.Aliases(this=call("POSEXPLODE", of("found", "turns")), expressions=names)
        counted = exp.Subquery(
            this=exp.select(of(owner, "turns"), each).from_(inner, copy=False),
            alias=exp.TableAlias(this=exp.to_identifier("turn", quoted=True)),
        )
        number = exp.Add(this=of(ordinal, "turn"), expression=_whole(1))
        columns = [of(owner, "turn"), of(position, "turn"), exp.alias_(number, ordinal, quoted=True)]
        return exp.select(*columns).from_(counted, copy=False)

    # ---- numbers

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        return call(_TRIED[op], _wide(left, kind), right)

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        if kind is not Kind.INTEGER:
            return exp.Abs(this=number)
        return exp.Abs(this=call("NULLIF", number, exp.Neg(this=exp.Literal.number(2**63))))

    def total(self, number: exp.Expr) -> exp.Expr:
        # As a decimal, an integer has room to be added up.
        return call(
            "TRY_SUM", exp.Add(this=number, expression=exp.cast(_whole(0), exp.DataType.build("DECIMAL(1, 0)")))
        )

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        return exp.Floor(this=exp.Div(this=value, expression=exp.Literal.number(divisor)))

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        # Of these two types the quotient is rounded once, to 12 digits; with other types it would be rounded twice.
        assert digits == 12
        narrow = exp.DataType.build("DECIMAL(25, 0)")
        return call("TRY_DIVIDE", exp.cast(_units(left), _UNIT), exp.cast(_units(right), narrow))

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        # An integer of 38 digits by one of 12 has 6 behind the point. A decimal with 12 behind it has 25: the second
        # rounding changes nothing, since the quotient is further from any half than what the first took away.
        assert digits == 6
        number = exp.cast(count, exp.DataType.build("DECIMAL(12, 0)"))
        if whole:
            return call("TRY_DIVIDE", exp.TryCast(this=total, to=_UNIT), number)
        fitting = exp.TryCast(this=total, to=exp.DataType.build("DECIMAL(25, 12)"))
        return call("ROUND", call("TRY_DIVIDE", fitting, number), digits)

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        if mode.startswith("half"):
            return call("BROUND" if mode == "half even" else "ROUND", value, digits)
        below, above = ("CEIL", "FLOOR") if mode == "down" else ("FLOOR", "CEIL")
        negative = exp.LT(this=value, expression=_whole(0))
        case = exp.Case().when(negative, call(below, value.copy(), digits), copy=False)
        return case.else_(call(above, value.copy(), digits), copy=False)

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        return exp.cast(call("CONV", call("LEFT", call("MD5", salted), 7), 16, 10), exp.DType.BIGINT)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        return call("DATE_FORMAT", exp.cast(moment, exp.DType.TIMESTAMPTZ), "yyyy-MM-dd'T'HH:mm:ss'Z'")

    # ---- JSON

    def json_text(self, value: exp.Expr) -> exp.Expr:
        return call("TO_JSON", exp.cast(value, exp.DType.VARIANT))

    def json_of(self, value: exp.Expr) -> exp.Expr:
        return call("TO_JSON", value, call("MAP", "ignoreNullFields", "false"))

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        each = call("EXPLODE", call("FROM_JSON", array, "ARRAY<STRING>"))
        return exp.select(exp.alias_(each, name, quoted=True)).from_(source, copy=False)


_TRIED = {"+": "TRY_ADD", "-": "TRY_SUBTRACT", "*": "TRY_MULTIPLY"}


def _tried(value: exp.Expr, type_: str) -> exp.Expr:
    return exp.TryCast(this=value, to=exp.DataType.build(type_))


def _whole(number: int) -> exp.Expr:
    return exp.Literal.number(number)


def _wide(number: exp.Expr, kind: Kind) -> exp.Expr:
    """Integers with 64 bits: some functions give fewer, and so do small literals."""
    wide = kind is not Kind.INTEGER or (isinstance(number, exp.Cast) and number.to.this is exp.DType.BIGINT)
    return number if wide else exp.cast(number, exp.DType.BIGINT)


def _units(value: exp.Expr) -> exp.Expr:
    """``value``, rounded to 12 digits after the point, as a number of 10**-12; NULL from 10**13 on."""
    fitting = exp.TryCast(this=value, to=exp.DataType.build("DECIMAL(25, 12)"))
    return exp.Mul(this=fitting, expression=exp.Literal.number(10**12))


def _literal(value: exp.Expr) -> object:
    """What tells one constant from another."""
    number = value.this if isinstance(value, exp.Neg) else value
    if isinstance(number, exp.Literal) and not number.is_string:
        return (isinstance(value, exp.Neg), number.this.rstrip("0").rstrip(".") if "." in number.this else number.this)
    return value
