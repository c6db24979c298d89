"""DuckDB."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB as SqlglotDuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.plain import Plain
from campaign_dsl.compile.sql.dialects.writing import Readable
from campaign_dsl.compile.sql.features import Feature, Gap
from campaign_dsl.language.catalog.types import Kind, Type

_ICU_ONLY = (
    "ACT AET AGT ART AST BET BST CAT CNT CST CTT Canada/East-Saskatchewan EAT ECT IET IST JST MIT NET NST PLT PNT PRT "
    "PST SST SystemV/AST4 SystemV/AST4ADT SystemV/CST6 SystemV/CST6CDT SystemV/EST5 SystemV/EST5EDT SystemV/HST10 "
    "SystemV/MST7 SystemV/MST7MDT SystemV/PST8 SystemV/PST8PDT SystemV/YST9 SystemV/YST9YDT US/Pacific-New VST"
)
"""Names that DuckDB's ICU knows and the tz database does not. A customer's zone must be a tz name."""


_TYPES = {
    Kind.TEXT: exp.DType.TEXT,
    Kind.ENUM: exp.DType.TEXT,
    Kind.INTEGER: exp.DType.BIGINT,
    Kind.BOOLEAN: exp.DType.BOOLEAN,
    Kind.DATE: exp.DType.DATE,
    Kind.TIMESTAMP: exp.DType.TIMESTAMPTZ,
}


class _Generator(Readable, DuckDBGenerator):
    pass


class _Written(SqlglotDuckDB):
    Generator = _Generator


class DuckDB(Plain):
    """The default engine. Its session zone is UTC; its text compares by code point."""

    name: ClassVar[str] = "duckdb"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    runs: ClassVar[bool] = True
    lacks: ClassVar[Mapping[Feature, Gap]] = {}

    def nothing(self, type_: Type) -> exp.Expr:
        known = _TYPES.get(type_.kind)
        return exp.null() if known is None else exp.cast(exp.null(), known)

    def zones(self) -> exp.Select:
        name = exp.column("name", quoted=True)
        others = exp.Anonymous(
            this="string_split", expressions=[exp.Literal.string(_ICU_ONLY), exp.Literal.string(" ")]
        )
        listed = exp.Anonymous(this="list_contains", expressions=[others, name])
        source = exp.Table(this=exp.Anonymous(this="pg_timezone_names"))
        return exp.select(name.copy()).from_(source, copy=False).where(exp.Not(this=listed), copy=False)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(exp.AtTimeZone(this=moment, zone=zone), exp.DType.TIME)

    def weekday(self, day: exp.Expr) -> exp.Expr:
        return exp.Lower(this=exp.Anonymous(this="DAYNAME", expressions=[day]))

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        # Weeks begin on Monday here.
        start = exp.Anonymous(this="DATE_TRUNC", expressions=[exp.Literal.string(unit), day])
        return exp.cast(start, exp.DType.DATE)

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        if count == 0:
            return day
        kind: type[exp.Binary] = exp.Add if count > 0 else exp.Sub
        if unit in ("day", "week"):
            days = abs(count) * (7 if unit == "week" else 1)
            return kind(this=day, expression=exp.Literal.number(days))
        length = exp.Interval(this=exp.Literal.string(str(abs(count))), unit=exp.Var(this=unit.upper()))
        return exp.cast(kind(this=day, expression=length), exp.DType.DATE)

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        # LEAST and GREATEST skip NULLs; what they give instead is made NULL again.
        type_ = exp.DType.DATE if kind is Kind.DATE else exp.DType.TIMESTAMPTZ
        edges = (
            ("10000-01-01", "0001-12-31 (BC)")
            if kind is Kind.DATE
            else ("10000-01-01 00:00:00+00:00", "0001-12-31 (BC) 23:59:59.999999+00:00")
        )
        for name, edge in zip(("LEAST", "GREATEST"), edges, strict=True):
            bound = exp.cast(exp.Literal.string(edge), type_)
            within = exp.Anonymous(this=name, expressions=[moment, bound])
            moment = exp.Anonymous(this="NULLIF", expressions=[within, bound.copy()])
        return moment

    def elapsed(self, end: exp.Expr, start: exp.Expr) -> exp.Expr:
        return self.missing_on_error(exp.Sub(this=end, expression=b.paren(start)))

    def moved(self, op: str, moment: exp.Expr, duration: exp.Expr) -> exp.Expr:
        kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub}[op]
        there = kind(this=b.paren(moment), expression=b.paren(duration))
        return self.within_years(self.missing_on_error(there), Kind.TIMESTAMP)

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        start = exp.cast(start, exp.DType.TIMESTAMPTZ)
        sides = [exp.Anonymous(this="EPOCH_US", expressions=[side]) for side in (end, start)]
        passed = exp.paren(exp.Sub(this=sides[0], expression=sides[1]), copy=False)
        return exp.IntDiv(this=passed, expression=exp.Literal.number(86_400_000_000))

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        # `s`: a dot is a line break, too.
        options = exp.Literal.string("is" if ignoring_case else "s")
        return exp.Anonymous(this="regexp_matches", expressions=[value, exp.Literal.string(pattern), options])

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        return exp.Bracket(this=record, expressions=[exp.Literal.string(name)])

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return exp.Anonymous(this="LEN", expressions=[items])

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        name = "list_has_all" if all_of else "list_has_any"
        return exp.Anonymous(this=name, expressions=[items, exp.Array(expressions=wanted)])

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        wanted = exp.Lambda(this=test, expressions=[exp.to_identifier(element)])
        kept = exp.Anonymous(this="list_filter", expressions=[items, wanted])
        return self.list_length(kept, type_)

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        lists = [exp.Anonymous(this="LIST", expressions=[each]) for each in (key, value)]
        return exp.Anonymous(this="MAP", expressions=lists)

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        return exp.Anonymous(this="MAP_EXTRACT_VALUE", expressions=[pairs, key])

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(exp.AtTimeZone(this=moment, zone=zone), exp.DType.DATE)

    def text_test(self, op: str, value: exp.Expr, text: exp.Expr) -> exp.Expr:
        # Functions, not LIKE: `%`, `_` and `\\` are ordinary characters.
        name = {"contains": "contains", "starts with": "starts_with", "ends with": "suffix"}[op]
        return exp.Anonymous(this=name, expressions=[value, text])

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        parts = [value, exp.Literal.string(mark), exp.Literal.number(1)]
        return exp.Anonymous(this="SPLIT_PART", expressions=parts)

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        made: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[op]
        return self.missing_on_error(made(this=_wide(left) if kind is Kind.DECIMAL else left, expression=right))

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        return self.missing_on_error(exp.Abs(this=number))

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        parts = exp.Div(this=value, expression=exp.Literal.number(divisor), typed=False, safe=False)
        return exp.cast(exp.Floor(this=parts), exp.DType.BIGINT)

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        # DuckDB divides decimals as doubles, but whole numbers of 128 bits exactly: 10**13 is what fits into them.
        return _divided(_units(left), _units(right), digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        number = exp.cast(count, exp.DType.INT128)
        if whole:
            return _divided(exp.cast(total, exp.DType.INT128), number, digits)
        return _divided(_units(total), exp.Mul(this=number, expression=exp.Literal.number(10**12)), digits)

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        places = exp.Literal.number(digits)
        if mode != "up":
            function = {"half up": "ROUND", "half even": "ROUND_EVEN", "down": "TRUNC"}[mode]
            return exp.Anonymous(this=function, expressions=[value, places])
        # The value is needed three times and may be large, so it gets a name: it is the one element of a list.
        name, it = exp.to_identifier("number"), exp.Column(this=exp.to_identifier("number"))
        cut = exp.Anonymous(this="TRUNC", expressions=[it, places])
        step = exp.Literal.number("0." + "0" * (digits - 1) + "1" if digits else "1")
        case = exp.Case().when(exp.EQ(this=it.copy(), expression=cut.copy()), exp.Literal.number(0), copy=False)
        case = case.when(exp.LT(this=it.copy(), expression=exp.Literal.number(0)), exp.Neg(this=step), copy=False)
        body = exp.Add(this=_wide(cut), expression=case.else_(step.copy(), copy=False))
        made = exp.Anonymous(
            this="LIST_TRANSFORM",
            expressions=[exp.Array(expressions=[value]), exp.Lambda(this=body, expressions=[name])],
        )
        return exp.Anonymous(this="LIST_EXTRACT", expressions=[made, exp.Literal.number(1)])

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        # DuckDB computes what two expressions have in common only once, and outside of TRY: so there must be nothing
        # inside of it, apart from ``value`` itself, that can fail.
        return exp.Anonymous(this="TRY", expressions=[value])

    def hash_bucket(self, text: exp.Expr) -> exp.Expr:
        digits = exp.Anonymous(
            this="left", expressions=[exp.Anonymous(this="md5", expressions=[text]), exp.Literal.number(7)]
        )
        return exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=digits), exp.DType.BIGINT)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        utc = exp.AtTimeZone(this=exp.cast(moment, exp.DType.TIMESTAMPTZ), zone=exp.Literal.string("UTC"))
        return exp.Anonymous(this="strftime", expressions=[utc, exp.Literal.string("%Y-%m-%dT%H:%M:%SZ")])

    def json_object(self, pairs: list[tuple[str, exp.Expr, Type]]) -> exp.Expr:
        if not pairs:
            return exp.Literal.string("{}")
        members: list[exp.Expr] = []
        for name, value, _ in pairs:
            written = exp.cast(exp.Anonymous(this="to_json", expressions=[value]), exp.DType.TEXT)
            members.append(exp.DPipe(this=exp.Literal.string(json.dumps(name) + ":"), expression=written))
        # Joined by hand: the functions for whole objects keep NULL as null, or make binary floats of exact decimals.
        joined = exp.Anonymous(this="concat_ws", expressions=[exp.Literal.string(","), *members])
        opened = exp.DPipe(this=exp.Literal.string("{"), expression=joined)
        return exp.DPipe(this=opened, expression=exp.Literal.string("}"))

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        shape = exp.Literal.string('["VARCHAR"]')
        each = exp.Anonymous(this="unnest", expressions=[exp.Anonymous(this="from_json", expressions=[array, shape])])
        return exp.select(exp.alias_(each, name, quoted=True)).from_(source, copy=False)


def _wide(number: exp.Expr) -> exp.Expr:
    """A decimal with 38 digits. Of two with at most 18 digits DuckDB makes one with 18, and so with 64 bits, although
    their product may have 36: beside one with 19 digits there are 38, as many behind the point as before."""
    one = exp.cast(exp.Literal.number(1), exp.DataType.build("DECIMAL(19, 0)"))
    return exp.Mul(this=b.paren(number), expression=one)


def _units(value: exp.Expr) -> exp.Expr:
    """``value``, rounded to 12 digits after the point, as a whole number of 10**-12; NULL from 10**13 on."""
    fitting = exp.TryCast(this=value, to=exp.DataType.build("DECIMAL(25, 12)"))
    shifted = exp.Mul(this=fitting, expression=exp.Literal.number(10**12))
    return exp.cast(shifted, exp.DType.INT128)


def _divided(left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
    """Two whole numbers as a decimal. Nothing in here overflows.

    One digit more than is asked for is kept; what is cut off behind it does not matter to halves that are rounded away
    from zero.
    """
    dividend = exp.Mul(this=left, expression=exp.Literal.number(10 ** (digits + 1)))
    divisor = exp.Anonymous(this="NULLIF", expressions=[right, exp.Literal.number(0)])
    whole = _decimal(exp.IntDiv(this=dividend, expression=divisor), 0)
    return _decimal(exp.Mul(this=whole, expression=exp.Literal.number("0." + "0" * digits + "1")), digits)


def _decimal(value: exp.Expr, scale: int) -> exp.Expr:
    return exp.cast(value, exp.DataType.build(f"DECIMAL(38, {scale})"))
