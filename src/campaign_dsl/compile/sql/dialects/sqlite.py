"""SQLite.

SQLite has four kinds of values: integers, binary floats, texts and blobs, in any column, whatever its type says. So
what is read is first made what the catalog promises, by a function of the engine that stops where it cannot be:
`DATE_OF`, `INSTANT_OF`, `DECIMAL_OF` and so on. From there on

- instants and lengths of time are integers: microseconds, since 1970 in UTC;
- days and times of day are texts as in ISO 8601; truths are 0 and 1;
- decimals are texts that sort as the numbers do (`run/engines/sqlite_values.py`);
- lists and records are JSON of all these.

Comparing, joining, grouping and ordering are plain SQL on that. Functions of the engine do what SQLite has no words
for: zones, months, exact decimals, patterns, lower case beyond ASCII, md5.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.plain import Plain
from campaign_dsl.compile.sql.dialects.sqlite_joins import read
from campaign_dsl.compile.sql.dialects.sqlite_writer import LATEST_BEFORE_YEARS, Written, call, text
from campaign_dsl.compile.sql.features import Feature, Gap
from campaign_dsl.language.catalog.types import WEEKDAYS, Kind, Type

_READ = {
    Kind.INTEGER: "INTEGER_OF",
    Kind.DECIMAL: "DECIMAL_OF",
    Kind.BOOLEAN: "BOOLEAN_OF",
    Kind.DATE: "DATE_OF",
    Kind.TIMESTAMP: "INSTANT_OF",
    Kind.GEO: "DEGREES_OF",
}
_ARITHMETIC = {"+": "DECIMAL_SUM", "-": "DECIMAL_DIFFERENCE", "*": "DECIMAL_PRODUCT"}
ZONES = "_tz_names"
"""A temporary table that the engine has filled. Of a table SQLite expects many rows, and so looks zones up in an index;
of a function that gives rows it expects few, and would go through all customers once for each zone."""
_BINARY = exp.Var(this="BINARY")
_DAY = 86_400_000_000
_ARGUMENTS = 100
"""More of them a function of SQLite may not have."""


class SQLite(Plain):
    """A SQLite file, with functions that the engine adds. Text compares by code point, whatever collation it has."""

    name: ClassVar[str] = "sqlite"
    writer: ClassVar[type[sqlglot.Dialect]] = Written
    runs: ClassVar[bool] = True
    lacks: ClassVar[Mapping[Feature, Gap]] = {}

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        if type_ is not None and type_.kind in _READ:
            return read(call(_READ[type_.kind], column))
        if type_ is not None and type_.kind in (Kind.LIST, Kind.RECORD):
            return read(call("JSON_AS", column, text(_shape(type_))))
        # Whatever collation the column was declared with. Of a number in a column of texts the digits count.
        value = column if type_ is None else exp.cast(column, exp.DType.TEXT)
        return read(exp.Collate(this=value, expression=_BINARY.copy()))

    def readable(self, column: exp.Expr, type_: Type) -> exp.Expr | None:
        if type_.kind in _READ:
            return call("CAN_BE_" + _READ[type_.kind], column)
        if type_.kind in (Kind.LIST, Kind.RECORD):
            return call("CAN_BE_JSON_AS", column, text(_shape(type_)))
        return call("CAN_BE_TEXT", column)

    def decimal(self, number: exp.Expr) -> exp.Expr:
        if isinstance(number.this if isinstance(number, exp.Neg) else number, exp.Literal):
            sign = "-" if isinstance(number, exp.Neg) else ""
            number = text(sign + number.name)
        return call("DECIMAL_OF", number)

    def zones(self) -> exp.Select:
        return exp.select(exp.column("name", quoted=True)).from_(exp.Table(this=exp.to_identifier(ZONES, quoted=True)))

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return call("LOCAL_DAY", moment, zone)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return call("LOCAL_TIME", moment, zone)

    def weekday(self, day: exp.Expr) -> exp.Expr:
        case = exp.Case(this=call("STRFTIME", text("%w"), day))
        for number, name in enumerate((WEEKDAYS[-1], *WEEKDAYS[:-1])):
            case = case.when(text(str(number)), text(name), copy=False)
        return case

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        # Six days back and on to Monday: from a Monday to itself.
        steps = ("-6 days", "weekday 1") if unit == "week" else (f"start of {unit}",)
        return call("DATE", day, *(text(step) for step in steps))

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        if count == 0:
            return day
        if unit in ("day", "week"):
            return call("DATE", day, text(f"{count * (7 if unit == 'week' else 1):+d} days"))
        return call("SHIFT_DAY", day, exp.Literal.number(count), text(unit))

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        if kind is Kind.TIMESTAMP:
            return call("WITHIN_YEARS", moment)
        # A day after the last one is NULL already; those before the first are made so. MAX of NULL is NULL.
        return call("NULLIF", call("MAX", moment, text(LATEST_BEFORE_YEARS)), text(LATEST_BEFORE_YEARS))

    def elapsed(self, end: exp.Expr, start: exp.Expr) -> exp.Expr:
        return self.missing_on_error(exp.Sub(this=end, expression=b.paren(start)))

    def moved(self, op: str, moment: exp.Expr, duration: exp.Expr) -> exp.Expr:
        kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub}[op]
        there = kind(this=b.paren(moment), expression=b.paren(duration))
        return self.within_years(self.missing_on_error(there), Kind.TIMESTAMP)

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        passed = exp.paren(exp.Sub(this=end, expression=b.paren(start)), copy=False)
        return exp.IntDiv(this=passed, expression=exp.Literal.number(_DAY))

    def text_test(self, op: str, value: exp.Expr, text_: exp.Expr) -> exp.Expr:
        if op == "contains":
            return exp.GT(this=call("INSTR", value, text_), expression=exp.Literal.number(0))
        length = call("LENGTH", text_.copy())
        first: exp.Expr = exp.Literal.number(1)
        if op == "ends with":
            # Where the text is longer than the value, what is cut out is shorter than the text.
            before = exp.Sub(this=call("LENGTH", value.copy()), expression=length.copy())
            first = exp.Add(this=before, expression=exp.Literal.number(1))
        return exp.EQ(this=call("SUBSTR", value, first, length), expression=text_)

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        place = call("INSTR", exp.DPipe(this=value.copy(), expression=text(mark)), text(mark))
        return call("SUBSTR", value, exp.Literal.number(1), exp.Sub(this=place, expression=exp.Literal.number(1)))

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        return call("MATCHES", value, text(pattern), exp.Literal.number(int(ignoring_case)))

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        return call("JSON_EXTRACT", record, text(f'$."{name}"'))

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return call("JSON_ARRAY_LENGTH", items)

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        value: exp.Expr = exp.column("value", quoted=True)
        if any(_is_call(each, "DECIMAL_OF") for each in wanted):
            value = call("AS_DECIMAL", value)
            wanted = [each if _is_call(each, "DECIMAL_OF") else self.decimal(each) for each in wanted]
        groups = [[each] for each in wanted] if all_of else [wanted]
        found = [
            exp.Exists(
                this=exp.select(exp.Literal.number(1))
                .from_(exp.Table(this=call("JSON_EACH", items.copy())))
                .where(exp.In(this=value.copy(), expressions=group))
            )
            for group in groups
        ]
        return _where_there_is(items, exp.and_(*found, copy=False))

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        it = exp.alias_(exp.column("value", quoted=True), element)
        each = exp.select(it).from_(exp.Table(this=call("JSON_EACH", items)))
        query = exp.select(exp.Count(this=exp.Star())).from_(_aliased(each, f"each_{element}"), copy=False)
        return _where_there_is(items, exp.Subquery(this=query.where(test, copy=False)))

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        return call("MAP_OF", key, value)

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        return call("FROM_MAP", pairs, key)

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        if kind is Kind.DECIMAL:
            before = (
                left.expressions if _is_call(left, _ARITHMETIC[op]) and len(left.expressions) < _ARGUMENTS else [left]
            )
            return call(_ARITHMETIC[op], *before, right)
        made: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[op]
        left, right = (each.expressions[0] if _is_call(each, "INTEGER_OR_NULL") else each for each in (left, right))
        same = (exp.Mul,) if op == "*" else (exp.Add, exp.Sub)
        if isinstance(left, exp.Binary) and not isinstance(left, same):
            left = exp.paren(left, copy=False)
        if isinstance(right, exp.Binary):
            right = exp.paren(right, copy=False)
        # What leaves 64 bits becomes a binary float, and nothing makes an integer of it again: one look at the end is
        # enough.
        return call("INTEGER_OR_NULL", made(this=left, expression=right))

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        return call("ABSOLUTE", number)

    def total(self, number: exp.Expr) -> exp.Expr:
        return call("EXACT_TOTAL", number)

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        by = exp.Literal.number(divisor)
        below = exp.LT(this=exp.Mod(this=value.copy(), expression=by), expression=exp.Literal.number(0))
        towards_zero = exp.IntDiv(this=value, expression=by.copy())
        return exp.paren(exp.Sub(this=towards_zero, expression=exp.paren(below)), copy=False)

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        return call("QUOTIENT", left, right, exp.Literal.number(digits))

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        return call("MEAN", total, count, exp.Literal.number(digits))

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        # To no digits it is an integer.
        return call("ROUNDED", value, text(mode), exp.Literal.number(digits))

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        # What leaves 64 bits becomes a binary float; nothing else fails.
        return call("INTEGER_OR_NULL", value) if isinstance(value, (exp.Add, exp.Sub)) else value

    def hash_bucket(self, text_: exp.Expr) -> exp.Expr:
        return call("HASH_BUCKET", text_)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        seconds = self.floor_divide(exp.paren(moment), 1_000_000)
        return call("STRFTIME", text("%Y-%m-%dT%H:%M:%SZ"), seconds, text("unixepoch"))

    def json_object(self, pairs: list[tuple[str, exp.Expr, Type]]) -> exp.Expr:
        members: exp.Expr | None = None
        for name, value, type_ in pairs:
            member = exp.DPipe(this=text(f",{json.dumps(name)}:"), expression=_json(value, type_))
            known = exp.func("COALESCE", member, text(""))
            members = known if members is None else exp.DPipe(this=members, expression=known)
        if members is None:
            return text("{}")
        inside = call("SUBSTR", members, exp.Literal.number(2))
        return exp.DPipe(this=exp.DPipe(this=text("{"), expression=inside), expression=text("}"))

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        each = exp.Table(this=call("JSON_EACH", array), alias=exp.TableAlias(this=exp.to_identifier("each", True)))
        value = exp.column("value", "each", quoted=True)
        return exp.select(exp.alias_(value, name, quoted=True)).from_(source, copy=False).join(each, copy=False)


def _is_call(node: exp.Expr, name: str) -> bool:
    return isinstance(node, exp.Anonymous) and node.name == name


def _aliased(query: exp.Query, name: str) -> exp.Subquery:
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(name, quoted=True)))


def _where_there_is(items: exp.Expr, value: exp.Expr) -> exp.Expr:
    """``value``; NULL where there is no list. Its elements alone would be none."""
    known = exp.Is(this=items.copy(), expression=exp.null(), negate=True)
    return exp.Case().when(known, value, copy=False)


def _shape(type_: Type) -> str:
    """What JSON must hold: ``["text"]``, ``{"city":"text","since":"date"}``."""

    def shape(of: Type) -> object:
        if of.element is not None:
            return [shape(of.element)]
        if of.fields:
            return {name: shape(field) for name, field in of.fields}
        return Kind.TEXT.value if of.kind is Kind.ENUM else of.kind.value

    return json.dumps(shape(type_), ensure_ascii=False, separators=(",", ":"))


def _json(value: exp.Expr, type_: Type) -> exp.Expr:
    """A value as JSON has it."""
    match type_.kind:
        case Kind.INTEGER:
            return exp.cast(value, exp.DType.TEXT)
        case Kind.BOOLEAN:
            case = exp.Case(this=value).when(exp.Literal.number(1), text("true"), copy=False)
            return case.when(exp.Literal.number(0), text("false"), copy=False)
        case Kind.DECIMAL | Kind.LIST | Kind.RECORD:
            return call("JSON_FROM", value, text(_shape(type_)))
        case _:
            # Of NULL it would be the text `null`.
            quoted = call("JSON_QUOTE", value)
            return call("NULLIF", quoted, text("null"))
