"""PostgreSQL's lists and records, and JSON text."""

from __future__ import annotations

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.common import Usual, call, text
from campaign_dsl.language.catalog.types import Kind, Type

_TYPES = {
    Kind.INTEGER: exp.DType.BIGINT,
    Kind.DECIMAL: exp.DType.DECIMAL,
    Kind.BOOLEAN: exp.DType.BOOLEAN,
    Kind.DATE: exp.DType.DATE,
    Kind.TIMESTAMP: exp.DType.TIMESTAMPTZ,
    Kind.TIME: exp.DType.TIME,
    Kind.DURATION: exp.DType.INTERVAL,
    Kind.LIST: exp.DType.JSONB,
    Kind.RECORD: exp.DType.JSONB,
    Kind.GEO: exp.DType.DOUBLE,
}
_NESTED = (Kind.LIST, Kind.RECORD)


class PostgresJson(Usual):
    """Lists are JSON arrays, records JSON objects; what is in them is made what the catalog says when it is read."""

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        # A cast to what a column is costs nothing; others take away what enums, citext and UUIDs add. Numbers stay as
        # they are: a cast would forget how many digits they have.
        match type_.kind if type_ else None:
            case Kind.TEXT | Kind.ENUM:
                return exp.cast(column, exp.DType.TEXT)
            case Kind.LIST | Kind.RECORD:
                return _not_null(call("TO_JSONB", column))
        return column

    def nothing(self, type_: Type) -> exp.Expr:
        return exp.cast(exp.null(), _TYPES.get(type_.kind, exp.DType.TEXT))

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        return _at(record, text(name), type_)

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return call("JSONB_ARRAY_LENGTH", items)

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        if any(isinstance(each, exp.Cast) and each.to.this is exp.DType.TIMESTAMPTZ for each in wanted):
            # One instant can be written in several ways.
            return _some(all_of, [self._has_instant(items.copy(), each) for each in wanted])
        if all_of:
            return call("JSONB_CONTAINS", items, call("TO_JSONB", exp.Array(expressions=wanted)))
        if all(each.is_string for each in wanted):
            return call("JSONB_EXISTS_ANY", items, exp.Array(expressions=wanted))
        return _some(False, [call("JSONB_CONTAINS", items.copy(), call("TO_JSONB", each)) for each in wanted])

    def _has_instant(self, items: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        same = exp.EQ(this=exp.column("it", quoted=True), expression=wanted)
        of = Type(Kind.LIST, element=Type(Kind.TIMESTAMP))
        return exp.GT(this=self.list_count(items, of, "it", same), expression=exp.Literal.number(0))

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        assert type_.element is not None
        nested = type_.element.kind in _NESTED
        name = "JSONB_ARRAY_ELEMENTS" if nested else "JSONB_ARRAY_ELEMENTS_TEXT"
        alias = exp.TableAlias(this=b.quoted("j"), columns=[b.quoted("value")])
        source = exp.Table(this=call(name, items.copy()), alias=alias)
        value = b.column("value", "j")
        typed = _not_null(value) if nested else _typed(value, type_.element)
        each = exp.select(exp.alias_(typed, element, quoted=True)).from_(source, copy=False)
        elements = exp.Subquery(this=each, alias=exp.TableAlias(this=b.quoted("elements")))
        counted = exp.select(exp.Count(this=exp.Star())).from_(elements, copy=False).where(test, copy=False)
        return exp.paren(exp.Case().when(b.known(items), exp.Subquery(this=counted), copy=False))

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        return call("JSONB_OBJECT_AGG", b.text(key), value)

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        return _at(pairs, b.text(key), type_)

    # ---- JSON text

    def json_value(self, value: exp.Expr, type_: Type) -> exp.Expr:
        made = super().json_value(value, type_)
        # JSON has no NaN: where a decimal is none the query stops.
        return b.text(exp.cast(made, exp.DType.JSON)) if type_.kind is Kind.DECIMAL else made

    def json_text(self, value: exp.Expr) -> exp.Expr:
        return b.text(call("TO_JSON", b.text(value)))

    def json_of(self, value: exp.Expr) -> exp.Expr:
        return b.text(value)

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        each = call("JSONB_ARRAY_ELEMENTS_TEXT", exp.cast(array, exp.DType.JSONB))
        return exp.select(exp.alias_(each, name, quoted=True)).from_(source, copy=False)


def _at(whole: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
    """What stands there under a key, as a type."""
    if type_.kind in _NESTED:
        return _not_null(call("JSONB_EXTRACT_PATH", whole, key))
    return _typed(call("JSONB_EXTRACT_PATH_TEXT", whole, key), type_)


def _typed(value: exp.Expr, type_: Type) -> exp.Expr:
    """A text out of JSON as a type."""
    known = _TYPES.get(type_.kind)
    return value if known is None else exp.cast(value, known)


def _not_null(value: exp.Expr) -> exp.Expr:
    """JSON that is missing instead of null."""
    return call("NULLIF", value, exp.cast(text("null"), exp.DType.JSONB))


def _some(all_of: bool, tests: list[exp.Expr]) -> exp.Expr:
    return exp.paren((exp.and_ if all_of else exp.or_)(*tests, copy=False))
