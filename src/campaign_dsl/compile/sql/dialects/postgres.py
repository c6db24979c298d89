"""PostgreSQL. Each form was run; how nodes are spelled, and what a session has to be set to, is in `postgres_writer`.

Lists and records are JSONB in queries, whatever they are in their tables: arrays, composite types, JSON or JSONB.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.common import Usual, call, text
from campaign_dsl.compile.sql.dialects.postgres_json import PostgresJson
from campaign_dsl.compile.sql.dialects.postgres_writer import CODE_POINTS, UNICODE, Written
from campaign_dsl.compile.sql.features import Feature, Gap
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import zone_names

_MOST_YEARS = 12_000
"""More than lie between the first day and the last: what is moved further is in no year."""
_READABLE = {
    Kind.DATE: r"^\d{4}-\d\d-\d\d$",
    Kind.TIMESTAMP: r"^\d{4}-\d\d-\d\d [\d:.]+([+-][\d:]+)?$",
    Kind.DECIMAL: r"^-?[\d.]+(e[+-]\d+)?$",
}
"""What values look like as text."""
_IN_A_YEAR = {"day": 366, "week": 53, "month": 12, "year": 1}
_INTEGERS = ("smallint", "integer", "bigint", "numeric")
_NUMBER = b.column("number", "n")
_SIGNS: Mapping[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}


class Postgres(PostgresJson):
    """PostgreSQL from 15 on, in UTF-8. Text compares by code point, whatever collation a column has."""

    name: ClassVar[str] = "postgres"
    writer: ClassVar[type[sqlglot.Dialect]] = Written
    runs: ClassVar[bool] = True
    lacks: ClassVar[Mapping[Feature, Gap]] = {}
    joins_members: ClassVar[bool] = True  # NOT IN goes through all of a large set for each customer
    CEILING: ClassVar[str] = "CEIL"

    def readable(self, column: exp.Expr, type_: Type) -> exp.Expr | None:
        # There is no computing with infinite days, NaN, or years of more than four digits. JSON is nothing of the kind,
        # whatever stands in it. The text is looked at, since nobody knows here what type the column has.
        pattern = _READABLE.get(type_.kind)
        if pattern is None:
            return None
        is_json = b.in_words(b.text(call("PG_TYPEOF", column.copy())), ("json", "jsonb"))
        fits = call("REGEXP_LIKE", b.text(column), pattern)
        return exp.func("COALESCE", exp.and_(b.negated(is_json), fits, copy=False), exp.true())

    def decimal(self, number: exp.Expr) -> exp.Expr:
        literal = number.this if isinstance(number, exp.Neg) else number
        # Literals without a point are integers, and may have as few as 32 bits.
        whole = isinstance(literal, exp.Literal) and "." not in literal.name
        return exp.cast(number, exp.DType.DECIMAL) if whole else number

    def in_order(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        if type_ is not None:
            return _by_code_point(value) if type_.kind is Kind.TEXT else value
        # An integer by its value; anything else by its text.
        kind = b.text(call("PG_TYPEOF", value.copy()))
        number = exp.cast(exp.cast(exp.paren(value.copy()), exp.DType.TEXT), exp.DType.DECIMAL)
        whole = exp.Case().when(b.in_words(kind, _INTEGERS), number, copy=False)
        return exp.Tuple(expressions=[whole, _by_code_point(b.text(value))])

    def smallest(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        match type_.kind if type_ else None:
            case Kind.BOOLEAN:
                return call("BOOL_AND", value)
            case Kind.LIST | Kind.RECORD:
                return exp.cast(exp.Min(this=_by_code_point(b.text(value))), exp.DType.JSONB)
        return exp.Min(this=value if type_ is None else self.in_order(value, type_))

    def nothing_like(self, query: exp.Select) -> exp.Expr:
        # Of several NULL in a union the first two would become text.
        return exp.Subquery(this=query.where(exp.false()))

    # ---- days and instants

    def zones(self) -> exp.Select:
        # A server may know other names, and fewer than the tz database that decides.
        name = b.column("name", "z")
        names = call("STRING_TO_ARRAY", " ".join(sorted(zone_names())), " ")
        query = exp.select(name).from_(b.table("pg_catalog.pg_timezone_names", "z"), copy=False)
        return query.where(exp.EQ(this=name.copy(), expression=call("ANY", names)), copy=False)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(exp.AtTimeZone(this=moment, zone=zone), exp.DType.DATE)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(exp.AtTimeZone(this=moment, zone=zone), exp.DType.TIME)

    def weekday(self, day: exp.Expr) -> exp.Expr:
        return call("TO_CHAR", day, "FMday")  # in English, whatever the server speaks

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        return exp.cast(call("DATE_TRUNC", unit, day), exp.DType.DATE)

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        if count == 0:
            return day
        kind = exp.Add if count > 0 else exp.Sub
        size = min(abs(count), _MOST_YEARS * _IN_A_YEAR[unit])  # further on a day would be an error
        if unit in ("day", "week"):
            return kind(this=day, expression=exp.Literal.number(size * (7 if unit == "week" else 1)))
        length = exp.Interval(this=exp.Literal.string(str(size)), unit=exp.Var(this=unit.upper()))
        return exp.cast(kind(this=day, expression=length), exp.DType.DATE)

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        # LEAST and GREATEST skip NULL; what they give instead is made NULL again.
        type_ = exp.DType.DATE if kind is Kind.DATE else exp.DType.TIMESTAMPTZ
        time = ("", "") if kind is Kind.DATE else (" 00:00:00+00", " 23:59:59.999999+00")
        edges = [f"10000-01-01{time[0]}", f"0001-12-31{time[1]} BC"]
        return _between(moment, *(exp.cast(text(edge), type_) for edge in edges))

    def elapsed(self, end: exp.Expr, start: exp.Expr) -> exp.Expr:
        return exp.Sub(this=b.paren(end), expression=b.paren(start))

    def moved(self, op: str, moment: exp.Expr, duration: exp.Expr) -> exp.Expr:
        days = _MOST_YEARS * 366
        edges = [exp.Interval(this=text(str(size)), unit=exp.Var(this="DAY")) for size in (days, -days)]
        there = _SIGNS[op](this=b.paren(moment), expression=_between(duration, *edges))
        return self.within_years(there, Kind.TIMESTAMP)

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        passed = exp.paren(exp.Sub(this=end, expression=exp.cast(start, exp.DType.TIMESTAMPTZ)))
        seconds = exp.Extract(this=exp.Var(this="EPOCH"), expression=passed)
        return exp.cast(call("DIV", seconds, 86_400), exp.DType.BIGINT)

    # ---- texts

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        # Functions, not LIKE: `%`, `_` and a backslash are ordinary characters.
        match op:
            case "contains":
                return exp.GT(this=call("STRPOS", value, wanted), expression=exp.Literal.number(0))
            case "starts with":
                return call("STARTS_WITH", value, wanted)
        return exp.EQ(this=call("RIGHT", value, exp.Length(this=wanted)), expression=b.paren(wanted.copy()))

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        # As they come, a dot is a line break, too, and `^` and `$` are the ends of the text.
        collation = UNICODE if ignoring_case else CODE_POINTS
        collated = exp.Collate(this=b.paren(value), expression=b.quoted(collation))
        return call("REGEXP_LIKE", collated, pattern, "i" if ignoring_case else "c")

    # ---- numbers

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        made = _SIGNS[op](this=b.paren(left), expression=b.paren(right))
        # Two numbers that stand somewhere have too few digits for the result to have 39.
        return made if kind is Kind.DECIMAL and _short(left) and _short(right) else _fitting(made, kind)

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        made = exp.Abs(this=number)
        return _fitting(made, kind) if kind is Kind.INTEGER else made

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        return _divided(_units(left), _units(right), digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        return _divided(total if whole else _units(total), count, digits)

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        if mode in ("half up", "down"):
            return call("ROUND" if mode == "half up" else "TRUNC", exp.cast(value, exp.DType.DECIMAL), digits)
        made = Usual.rounded(self, _NUMBER.copy(), mode, digits)
        return exp.Subquery(this=exp.select(made).from_(_named(exp.cast(value, exp.DType.DECIMAL)), copy=False))

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        digits = exp.DPipe(this=text("x"), expression=call("LEFT", call("MD5", salted), 7))
        return exp.cast(exp.cast(digits, exp.DataType.build("BIT(28)")), exp.DType.BIGINT)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        utc = exp.AtTimeZone(this=exp.cast(moment, exp.DType.TIMESTAMPTZ), zone=text("UTC"))
        return call("TO_CHAR", utc, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')


def _by_code_point(value: exp.Expr) -> exp.Expr:
    return exp.Collate(this=b.paren(value), expression=b.quoted(CODE_POINTS))


def _fitting(number: exp.Expr, kind: Kind) -> exp.Expr:
    """NULL instead of a number that does not fit; the writer computes it with room."""
    return exp.TryCast(this=number, to=exp.DataType.build("BIGINT" if kind is Kind.INTEGER else "DECIMAL"))


def _between(value: exp.Expr, above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """``value``, or NULL when it does not lie between the two; said once, because it may be long."""
    for name, edge in (("LEAST", above), ("GREATEST", below)):
        value = call("NULLIF", call(name, value, edge), edge.copy())
    return value


def _named(number: exp.Expr) -> exp.Subquery:
    """A relation with the number, which may be large, under a name: so it can be said more than once."""
    query = exp.select(exp.alias_(number, "number", quoted=True))
    return exp.Subquery(this=query, alias=exp.TableAlias(this=b.quoted("n")))


def _short(number: exp.Expr) -> bool:
    """Whether it stands in a column or in the campaign."""
    inner = number.this if isinstance(number, exp.Cast | exp.TryCast | exp.Neg) else number
    return isinstance(inner, exp.Column | exp.Literal)


def _units(value: exp.Expr) -> exp.Expr:
    """``value``, rounded to 12 digits after the point; NULL from 10**13 on."""
    rounded = call("ROUND", exp.cast(value, exp.DType.DECIMAL), 12)
    return _between(rounded, exp.Literal.number(10**13), exp.Neg(this=exp.Literal.number(10**13)))


def _divided(left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
    """The quotient, cut off one digit behind what is asked for: that does not matter to halves that are rounded away
    from zero. What `/` gives is rounded somewhere by itself."""
    dividend = exp.Mul(this=b.paren(left), expression=exp.Literal.number(10 ** (digits + 1)))
    cut = call("DIV", dividend, call("NULLIF", right, 0))
    scaled = exp.Mul(this=cut, expression=exp.Literal.number("0." + "0" * digits + "1"))
    return call("ROUND", scaled, digits)
