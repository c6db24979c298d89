"""Amazon Redshift. Each form is that of its developer guide; pages are named where it is not obvious.

It came from PostgreSQL 8 and went another way: zones, intervals, arrays, JSON, VALUES and regular expressions are not
those of PostgreSQL, so that it shares its words with the engines beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.common import (
    Common,
    WithoutLists,
    bounded,
    call,
    joined,
    known_zones,
    no_lists,
    part_is,
    text,
    word,
    years_of_a_day,
)
from campaign_dsl.compile.sql.dialects.patterns import ending_there
from campaign_dsl.compile.sql.dialects.speller import Speller, unions
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.language.catalog.types import Kind


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "VARCHAR(MAX)",  # "Character types": without a length it would have 256 bytes
        exp.DType.BIGINT: "BIGINT",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME",
        exp.DType.TIMESTAMPTZ: "TIMESTAMPTZ",
        exp.DType.TIMESTAMPNTZ: "TIMESTAMP",
        exp.DType.DOUBLE: "DOUBLE PRECISION",
        exp.DType.DECIMAL: "DECIMAL",
        exp.DType.BOOLEAN: "BOOLEAN",
        exp.DType.SUPER: "SUPER",
    }
    BACKSLASH: ClassVar[bool] = True
    SKIPS_NULL: ClassVar[bool] = True  # "GREATEST and LEAST": NULL when all expressions are
    NAMES_COLUMNS: ClassVar[bool] = True  # "WITH clause": a recursive query needs the list of its columns

    def moved(self, moment: str, count: int, unit: str) -> str:
        added = f"DATEADD({unit}, {count}, {moment})"
        return f"CAST({added} AS DATE)" if unit == "YEAR" else added

    def trycast_sql(self, expression: exp.TryCast) -> str:
        return f"CAST({self.sql(bounded(expression.this))} AS BIGINT)"

    def values_sql(self, expression: exp.Values, values_as_table: bool = True) -> str:
        return self.sql(unions(expression))


class _Written(sqlglot.Dialect):
    Generator = _Generator


class Redshift(WithoutLists, Common):
    """Amazon Redshift. Its zones stand in no table that a query may read, so their names come with the query."""

    name: ClassVar[str] = "redshift"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    lacks: ClassVar[Mapping[Feature, Gap]] = {
        **no_lists("SUPER"),
        Feature.DURATIONS: Gap(When.PLANNED, "lengths of time as values are not written for it yet"),
    }
    session: ClassVar[tuple[str, ...]] = ("SET timezone TO 'UTC'",)
    differs: ClassVar[tuple[str, ...]] = (
        "texts that differ in trailing spaces only are equal",
        "a text literal has 65,535 bytes: no more ids can be handed over for those who leave an audience",
        "a result of decimals with more than 38 digits is an error, not missing",
        "a quotient is rounded to more digits first, and then once more",
    )

    def nothing_like(self, query: exp.Select) -> exp.Expr:
        # Of several NULL in a union the first two would become text.
        return exp.Subquery(this=query.where(exp.false()))

    def zones(self) -> exp.Select:
        # "Unnesting queries": an array is a table beside the row that holds it.
        listed = exp.select(b.named(call("SPLIT_TO_ARRAY", known_zones(), " "), "names"))
        return _unnested(exp.Subquery(this=listed, alias=_alias("listed")), "listed", "names", "name")

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(_there(moment, zone), exp.DType.DATE)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(_there(moment, zone), exp.DType.TIME)

    def iso_weekday(self, day: exp.Expr) -> exp.Expr:
        since_monday = exp.Mod(
            this=exp.paren(b.plus(exp.Extract(this=word("DOW"), expression=day), b.number(6))), expression=b.number(7)
        )
        return b.plus(since_monday, b.number(1))

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        return exp.cast(call("DATE_TRUNC", unit, day), exp.DType.DATE)

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        return day if count == 0 else exp.cast(call("DATEADD", word(unit.upper()), count, day), exp.DType.DATE)

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        return years_of_a_day(moment, exp.Extract(this=word("YEAR"), expression=moment.copy()))

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        sides = [exp.cast(side, exp.DType.TIMESTAMPNTZ) for side in (start, end)]
        passed = call("DATEDIFF", word("MICROSECOND"), *sides)
        return exp.IntDiv(this=passed, expression=b.number(86_400_000_000))

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        if op != "contains":
            return part_is("LEFT" if op == "starts with" else "RIGHT", value, wanted)
        found = exp.GT(this=call("STRPOS", value, wanted), expression=b.number(0))
        nothing = exp.EQ(this=exp.Length(this=wanted.copy()), expression=b.number(0))
        return exp.paren(exp.or_(found, nothing, copy=False))

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        # "REGEXP_INSTR": `p` reads the pattern as Perl does, in which `(?s)` makes a dot a line break, too.
        options = "ip" if ignoring_case else "cp"
        place = call("REGEXP_INSTR", value, f"(?s){ending_there(pattern)}", 1, 1, 0, options)
        return exp.GT(this=place, expression=b.number(0))

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        parts = [exp.cast(side, exp.DataType.build("DECIMAL(25, 12)")) for side in (left, right)]
        return call("ROUND", exp.Div(this=parts[0], expression=call("NULLIF", parts[1], 0)), digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        return self.quotient(total, count, digits)

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        return call("STRTOL", call("LEFT", call("MD5", salted), 7), 16)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        utc = exp.cast(exp.cast(moment, exp.DType.TIMESTAMPTZ), exp.DType.TIMESTAMPNTZ)
        return call("TO_CHAR", utc, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')

    def json_text(self, value: exp.Expr) -> exp.Expr:
        written = call("JSON_SERIALIZE", exp.cast(value, exp.DType.SUPER))
        return exp.Case().when(b.known(value.copy()), written, copy=False)

    def with_commas(self, members: list[exp.Expr]) -> exp.Expr:
        # There is no CONCAT_WS: a comma stands before each that is there, and the first one is cut off.
        parts = [exp.func("COALESCE", exp.DPipe(this=text(","), expression=each), text("")) for each in members]
        return call("SUBSTRING", joined(parts), 2)

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        parsed = exp.select(b.named(call("JSON_PARSE", array), "ids")).from_(source, copy=False)
        return _unnested(exp.Subquery(this=parsed, alias=_alias("parsed")), "parsed", "ids", name)


def _there(moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
    return call("CONVERT_TIMEZONE", "UTC", zone, exp.cast(moment, exp.DType.TIMESTAMPNTZ))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=b.quoted(name))


def _unnested(source: exp.Subquery, alias: str, array: str, name: str) -> exp.Select:
    """The texts of an array, a column of ``source``."""
    each = exp.Table(this=b.quoted(array), db=b.quoted(alias), alias=_alias("each"))
    value = exp.cast(exp.column("each", quoted=True), exp.DType.TEXT)
    inner = exp.select(b.named(value, name)).from_(source, copy=False).join(exp.Join(this=each), copy=False)
    whole = exp.Subquery(this=inner, alias=_alias("known"))
    return exp.select(b.column(name, "known")).from_(whole, copy=False)
