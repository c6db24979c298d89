"""Types of columns as engines write them, in words of the language. The syntax of types is read by sqlglot."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from campaign_dsl.language.catalog.stored import StoredType
from campaign_dsl.language.catalog.types import Kind

_D = exp.DType

_KINDS: dict[exp.DType, Kind] = {
    **dict.fromkeys(
        (_D.TEXT, _D.VARCHAR, _D.NVARCHAR, _D.CHAR, _D.NCHAR, _D.BPCHAR, _D.NAME, _D.FIXEDSTRING, _D.ENUM, _D.ENUM8),
        Kind.TEXT,
    ),
    **dict.fromkeys((_D.ENUM16, _D.LOWCARDINALITY, _D.MEDIUMTEXT, _D.LONGTEXT, _D.TINYTEXT), Kind.TEXT),
    **dict.fromkeys(exp.DataType.INTEGER_TYPES - {_D.BIT}, Kind.INTEGER),
    **dict.fromkeys((_D.SMALLSERIAL, _D.SERIAL, _D.BIGSERIAL), Kind.INTEGER),
    **dict.fromkeys((_D.DECIMAL, _D.DECIMAL32, _D.DECIMAL64, _D.DECIMAL128, _D.DECIMAL256), Kind.DECIMAL),
    **dict.fromkeys((_D.FLOAT, _D.DOUBLE, _D.UDOUBLE, _D.BIGDECIMAL, _D.UDECIMAL), Kind.DECIMAL),
    _D.BOOLEAN: Kind.BOOLEAN,
    **dict.fromkeys((_D.DATE, _D.DATE32), Kind.DATE),
    **dict.fromkeys(
        (_D.TIMESTAMP, _D.TIMESTAMPNTZ, _D.TIMESTAMP_S, _D.TIMESTAMP_MS, _D.TIMESTAMP_NS, _D.DATETIME, _D.DATETIME2),
        Kind.TIMESTAMP,
    ),
    **dict.fromkeys((_D.TIMESTAMPTZ, _D.TIMESTAMPLTZ, _D.DATETIME64), Kind.TIMESTAMP),
}
_ZONED = (_D.TIMESTAMPTZ, _D.TIMESTAMPLTZ)
_BINARY = (_D.FLOAT, _D.DOUBLE, _D.UDOUBLE)
_HUGE = (_D.UBIGINT, _D.INT128, _D.UINT128, _D.INT256, _D.UINT256)
_DIGITS = {_D.DECIMAL32: 9, _D.DECIMAL64: 18, _D.DECIMAL128: 38, _D.DECIMAL256: 76}


def stored_type(written: str, dialect: str) -> StoredType:
    """The type that an engine writes as ``written``; without a kind, when it is nothing that the language knows."""
    try:
        node = exp.DataType.build(written, dialect=dialect)
    except (SqlglotError, ValueError):
        return StoredType(written)
    return _of(node, written, dialect)


def _of(node: exp.Expr, written: str, dialect: str) -> StoredType:
    if not isinstance(node, exp.DataType):
        return StoredType(written)
    kind, inner = node.this, node.expressions
    if kind in (_D.ARRAY, _D.LIST) and len(inner) == 1:
        return StoredType(written, Kind.LIST, element=_inner(inner[0], dialect))
    if kind in (_D.STRUCT, _D.NESTED) and inner and all(isinstance(each, exp.ColumnDef) for each in inner):
        fields = tuple((each.name, _inner(each.kind, dialect)) for each in inner)
        made = StoredType(written, Kind.RECORD, fields=fields)
        # In ClickHouse `Nested` is a record in a list.
        return StoredType(written, Kind.LIST, element=made) if kind is _D.NESTED else made
    if kind is _D.LOWCARDINALITY and len(inner) == 1:
        return _of(inner[0], written, dialect)
    if kind is _D.FIXEDSTRING:
        return StoredType(written, Kind.TEXT, doubt="shorter texts are filled up with zero bytes in it")
    if kind is _D.UUID:
        return StoredType(written, Kind.TEXT, doubt="it holds UUIDs, which engines write in their own way")
    found = _KINDS.get(kind)
    if kind in _HUGE:
        return StoredType(written, found, doubt="it holds integers of more than 64 bits, which the language does not")
    if found is Kind.DECIMAL:
        if kind in _BINARY:
            return StoredType(written, found, doubt="it holds binary fractions, which sums and comparisons show")
        places = int(inner[-1].name) if inner and (len(inner) > 1 or kind in _DIGITS) else 0 if inner else None
        return StoredType(written, found, places=places)
    return StoredType(written, found, zoned=kind in _ZONED)


def _inner(node: exp.Expr | None, dialect: str) -> StoredType:
    """A type inside of another one."""
    if node is None:
        return StoredType("")
    return _of(node, node.sql(dialect=sqlglot.Dialect.get_or_raise(dialect)), dialect)
