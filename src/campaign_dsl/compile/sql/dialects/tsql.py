"""T-SQL of SQL Server 2022. Each form is that of its reference; pages are named where it is not obvious."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.common import (
    Common,
    WithoutLists,
    call,
    no_lists,
    part_is,
    text,
)
from campaign_dsl.compile.sql.dialects.compiled import Unasked
from campaign_dsl.compile.sql.dialects.speller import Speller
from campaign_dsl.compile.sql.dialects.truths import as_conditions_and_bits
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.compile.sql.shared import ZONES
from campaign_dsl.language.catalog.types import Kind, Type

_COLLATION = "Latin1_General_100_BIN2_UTF8"
"""By code point ("Collation and Unicode support")."""
_WINDOWS = "_windows"
"""Column of `zone`: what Windows calls the zone."""
_INT = 2**31 - 1


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "NVARCHAR(MAX)",
        exp.DType.BIGINT: "BIGINT",
        exp.DType.INT: "INT",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME(6)",
        exp.DType.TIMESTAMPTZ: "DATETIMEOFFSET(6)",
        exp.DType.DOUBLE: "FLOAT",
        exp.DType.DECIMAL: "DECIMAL",
        exp.DType.BOOLEAN: "BIT",
        exp.DType.VARCHAR: "VARCHAR",
    }
    SKIPS_NULL: ClassVar[bool] = True  # "LEAST": arguments that are NULL are ignored
    RECURSIVE: ClassVar[bool] = False
    TRIM: ClassVar[str] = "TRIM({})"
    NAMED_PLACEHOLDER_TOKEN = "@"  # noqa: S105  # of a parameter

    def generate(self, expression: exp.Expr, copy: bool = True) -> str:
        said = super().generate(as_conditions_and_bits(expression), copy=False)
        within = expression.args.get("with_")
        # "WITH common_table_expression": recursion ends after a hundred steps, unless the statement says otherwise.
        return f"{said}{self.sep()}OPTION (MAXRECURSION 0)" if within and within.args.get("recursive") else said

    def literal_sql(self, expression: exp.Literal) -> str:
        written = super().literal_sql(expression)
        return f"N{written}" if expression.is_string else written

    def limit_sql(self, expression: exp.Limit, top: bool = False) -> str:
        raise Unasked  # only who looks at tables asks for some rows, and nobody does that here

    def boolean_sql(self, expression: exp.Boolean) -> str:
        return "1" if expression.this else "0"

    def moved(self, moment: str, count: int, unit: str) -> str:
        # "DATEADD": the number is an INT.
        if unit == "SECOND" and abs(count) > _INT:
            days, rest = divmod(abs(count), 86_400)
            sign = "-" if count < 0 else ""
            return f"DATEADD(SECOND, {sign}{rest}, DATEADD(DAY, {sign}{days}, {moment}))"
        return f"DATEADD({unit}, {count}, {moment})"

    def lateral_sql(self, expression: exp.Lateral) -> str:
        return f"{self.seg('CROSS APPLY')} {self.sql(expression, 'this')} AS {self.sql(expression, 'alias')}"

    def dpipe_sql(self, expression: exp.DPipe) -> str:
        return self.binary(expression, "+")

    def extract_sql(self, expression: exp.Extract) -> str:
        return f"DATEPART({self.sql(expression, 'this')}, {self.sql(expression, 'expression')})"

    def length_sql(self, expression: exp.Length) -> str:
        # "LEN": trailing spaces do not count.
        return f"(LEN({self.sql(expression, 'this')} + N'.') - 1)"

    def attimezone_sql(self, expression: exp.AtTimeZone) -> str:
        return f"{self.sql(expression, 'this')} AT TIME ZONE {self.sql(expression, 'zone')}"


class _Written(sqlglot.Dialect):
    class Tokenizer(sqlglot.Tokenizer):
        IDENTIFIERS = [("[", "]")]  # noqa: RUF012  # read by sqlglot's metaclass

    Generator = _Generator


class TSQL(WithoutLists, Common):
    """SQL Server from 2022 on. Zones have names of their own there, and conditions are no values: both are put in."""

    name: ClassVar[str] = "tsql"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    lacks: ClassVar[Mapping[Feature, Gap]] = {
        **no_lists("JSON"),
        Feature.REGULAR_EXPRESSIONS: Gap(When.UPSTREAM, "there are none before SQL Server 2025"),
        Feature.DURATIONS: Gap(When.NEVER, "there is no type for a length of time"),
    }
    session: ClassVar[tuple[str, ...]] = ("SET QUOTED_IDENTIFIER ON", "SET ANSI_NULLS ON", "SET ANSI_PADDING ON")
    differs: ClassVar[tuple[str, ...]] = (
        "ids of events that are texts compare as the collation of their column says",
        "texts that differ in trailing spaces only are equal",
        "the clock of a zone is that of Windows, which knows fewer changes of the past",
        "characters beyond the first plane count as two, and stand elsewhere in an order",
        "a sum of what the clock of a zone says is refused: nothing that looks into a table may stand in an aggregate",
        "a quotient of large numbers has six digits after the point",
        "a product of decimals with more than 38 digits loses some of those behind the point",
        "decimals in a sum keep twelve digits after the point; with more than 38 digits it is an error, not missing",
        "a day or an instant moved beyond the year 9999 is an error, not missing",
    )

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        if type_ is None or type_.kind not in (Kind.TEXT, Kind.ENUM):
            return column
        return exp.Collate(this=column, expression=exp.Var(this=_COLLATION))

    def smallest(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        # "MIN" takes no BIT.
        if type_ is None or type_.kind is not Kind.BOOLEAN:
            return exp.Min(this=value)
        return exp.Cast(this=exp.Min(this=exp.cast(value, exp.DType.INT)), to=exp.DataType.build("BOOLEAN"))

    # ---- zones: Windows has other names for them

    def nothing_like(self, query: exp.Select) -> exp.Expr:
        # NULL alone would be an INT.
        return exp.Subquery(this=query.where(exp.false()))

    def zones(self) -> exp.Select:
        """The zones of the tz database whose Windows zone the server has, with that zone's name beside them."""
        listed = exp.Table(this=call("OPENJSON", _windows_zones()))
        listed.set("alias", exp.TableAlias(this=exp.to_identifier("z", quoted=True)))
        server = b.table("sys.time_zone_info", "w")
        name, windows = (
            exp.Collate(this=b.column(each, "z"), expression=exp.Var(this=_COLLATION)) for each in ("key", "value")
        )
        there = exp.Collate(this=b.column("name", "w"), expression=exp.Var(this=_COLLATION))
        columns = [b.named(name, "name"), b.named(windows, _WINDOWS)]
        same = exp.EQ(this=there, expression=windows.copy())
        known = exp.select(*columns).from_(listed, copy=False).join(server, on=same, copy=False)
        whole = exp.Subquery(this=known, alias=exp.TableAlias(this=b.quoted("known")))
        return exp.select(b.column("name", "known"), b.column(_WINDOWS, "known")).from_(whole, copy=False)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(_there(moment, zone), exp.DType.DATE)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(_there(moment, zone), exp.DType.TIME)

    # ---- days

    def iso_weekday(self, day: exp.Expr) -> exp.Expr:
        # DATEPART(WEEKDAY) depends on the session. 1 January 1 was a Monday.
        first = exp.cast(text("0001-01-01"), exp.DType.DATE)
        passed = call("DATEDIFF", exp.Var(this="DAY"), first, day)
        return exp.Add(this=exp.Mod(this=passed, expression=exp.Literal.number(7)), expression=exp.Literal.number(1))

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        return call("DATETRUNC", exp.Var(this="ISO_WEEK" if unit == "week" else unit.upper()), day)

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        return day if count == 0 else call("DATEADD", exp.Var(this=unit.upper()), count, day)

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        passed = call("DATEDIFF_BIG", exp.Var(this="MICROSECOND"), exp.cast(start, exp.DType.TIMESTAMPTZ), end)
        return exp.IntDiv(this=passed, expression=exp.Literal.number(86_400_000_000))

    # ---- text

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        match op:
            case "contains":
                # CHARINDEX finds no empty text; every text contains it.
                found: exp.Expr = exp.GT(this=call("CHARINDEX", wanted, value), expression=exp.Literal.number(0))
                nothing = exp.EQ(this=call("DATALENGTH", wanted.copy()), expression=exp.Literal.number(0))
                return exp.paren(exp.or_(found, nothing, copy=False))
            case "starts with":
                return part_is("LEFT", value, wanted)
        return part_is("RIGHT", value, wanted)

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        place = call("CHARINDEX", mark, exp.DPipe(this=value, expression=text(mark)))
        return call("LEFT", value.copy(), exp.Sub(this=place, expression=exp.Literal.number(1)))

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        raise Unasked

    # ---- numbers

    def total(self, number: exp.Expr) -> exp.Expr:
        # "SUM": of INT the sum is one, too.
        return exp.Sum(this=exp.cast(number, exp.DataType.build("DECIMAL(38, 12)")))

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        parts = [exp.TryCast(this=side, to=exp.DataType.build("DECIMAL(25, 12)")) for side in (left, right)]
        return call("ROUND", exp.Div(this=parts[0], expression=call("NULLIF", parts[1], 0)), digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        return self.quotient(total, count, digits)

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        # The hash is that of the bytes: those of UTF-8. 28 bits are the first four bytes without the last four bits.
        written = exp.Collate(this=salted, expression=exp.Var(this=_COLLATION))
        encoded = exp.Cast(this=written, to=exp.DataType.build("VARCHAR(8000)"))
        digest = call("SUBSTRING", call("HASHBYTES", "MD5", encoded), 1, 4)
        return exp.IntDiv(this=exp.cast(digest, exp.DType.BIGINT), expression=exp.Literal.number(16))

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        utc = call("SWITCHOFFSET", exp.cast(moment, exp.DType.TIMESTAMPTZ), "+00:00")
        written = call("CONVERT", exp.DataType.build("VARCHAR(40)"), utc, 126)
        return exp.DPipe(this=call("LEFT", written, 19), expression=text("Z"))

    # ---- JSON

    def json_text(self, value: exp.Expr) -> exp.Expr:
        quote = text('"')
        escaped = call("STRING_ESCAPE", value, "json")
        return exp.DPipe(this=exp.DPipe(this=quote, expression=escaped), expression=quote.copy())

    def with_commas(self, members: list[exp.Expr]) -> exp.Expr:
        # "CONCAT_WS": NULL is left out; it wants two values at least.
        return call("CONCAT_WS", ",", *members, *([exp.null()] if len(members) == 1 else []))

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        value = exp.Collate(this=b.column("value", "t"), expression=exp.Var(this=_COLLATION))
        query = exp.select(b.named(value, name)).from_(source, copy=False)
        alias = exp.TableAlias(this=exp.to_identifier("t", quoted=True))
        query.set("laterals", [exp.Lateral(this=call("OPENJSON", array), cross_apply=True, alias=alias)])
        return query


def _there(moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
    """ "AT TIME ZONE": names of Windows only. They stand beside ours in the relation `zone`."""
    if isinstance(zone, exp.Column) and not zone.table:
        return exp.AtTimeZone(this=moment, zone=exp.column(_WINDOWS, quoted=True))  # in `zone` itself
    same = exp.EQ(this=b.column("name", ZONES), expression=zone)
    theirs = exp.select(b.column(_WINDOWS, ZONES)).from_(b.table(ZONES), copy=False).where(same, copy=False)
    return exp.AtTimeZone(this=moment, zone=exp.Subquery(this=theirs))


@cache
def _windows_zones() -> str:
    """JSON: the Windows zone of each zone of the tz database."""
    lines = (files(__package__) / "windows_zones.txt").read_text("utf-8").splitlines()
    found: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith("#"):
            windows, _, names = line.partition(": ")
            found |= dict.fromkeys(names.split(), windows)
    return json.dumps(dict(sorted(found.items())), separators=(",", ":"))
