"""PostgreSQL's types: as columns of tables, and as columns of Arrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from campaign_dsl.language.catalog.stored import StoredType
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.engines.postgres_errors import beyond_years
from campaign_dsl.run.engines.types import stored_type

if TYPE_CHECKING:
    import pyarrow as pa

_DIGITS, _PLACES = 76, 38
"""Of a number of any size: all that Arrow has. Nothing that fits into the language's 38 digits needs more."""
_EPOCH = date(1970, 1, 1)
_FIRST, _END = (date(1, 1, 1) - _EPOCH).days, (date(9999, 12, 31) - _EPOCH).days + 1
"""Days since 1970: the first of the years 1 to 9999, and the one after the last."""
_DAY = {"s": 86_400, "ms": 86_400 * 10**3, "us": 86_400 * 10**6, "ns": 86_400 * 10**9}
_HEADER = 4
"""What PostgreSQL adds to a modifier."""


def exact(schema: pa.Schema) -> pa.Schema:
    """The columns of an answer, numbers as such: what comes by Arrow is the text of them."""
    import pyarrow as pa

    return pa.schema([pa.field(field.name, _type(field)) for field in schema])


def columns(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A part of an answer as `exact` says.

    Raises:
        DataProblem: a day or an instant is infinite, or in a year that nothing behind the engine has.
    """
    import pyarrow as pa

    plain = [each.storage if isinstance(each, pa.ExtensionArray) else each for each in batch.columns]
    made = [each.cast(field.type) for each, field in zip(plain, schema, strict=True)]
    for each, field in zip(made, schema, strict=True):
        if _is_beyond(each):
            raise beyond_years(field.name)
    return pa.RecordBatch.from_arrays(made, schema=schema)


def _is_beyond(column: pa.Array) -> bool:
    """Whether it holds days or instants in none of the years 1 to 9999; infinite ones are as large as can be."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_date32(column.type):
        counted, size = pa.int32(), 1
    elif pa.types.is_timestamp(column.type):
        counted, size = pa.int64(), _DAY[column.type.unit]
    else:
        return False
    found = pc.min_max(column.view(counted)).as_py()
    return found["min"] is not None and not (_FIRST * size <= found["min"] and found["max"] < _END * size)


def _type(field: pa.Field) -> pa.DataType:
    import pyarrow as pa

    said = field.metadata or {}
    if said.get(b"POSTGRESQL:type") == b"numeric":
        return _number(int(said.get(b"POSTGRESQL:typmod", -1)))
    return field.type.storage_type if isinstance(field.type, pa.BaseExtensionType) else field.type


def _number(modifier: int) -> pa.DataType:
    """The digits behind the point stand in eleven bits of the modifier, with a sign; those in all above them."""
    import pyarrow as pa

    digits, places = (modifier - _HEADER) >> 16, ((modifier - _HEADER) & 0x7FF ^ 1024) - 1024
    if modifier < 0 or not 0 <= places <= digits <= _DIGITS:
        return pa.decimal256(_DIGITS, _PLACES)
    return pa.decimal128(digits, places) if digits <= _PLACES else pa.decimal256(digits, places)


def stored(written: str, kind: str, element: str | None, loose: bool) -> StoredType:
    """The type of a column.

    Args:
        written: what `format_type` says.
        kind, element: `e` of an enum, `c` of a composite type, and so on; of the type, and of an array's elements.
        loose: whether its collation takes different texts for equal.
    """
    if written in ("json", "jsonb") or kind == "c":
        return StoredType(written, loose=True)
    if kind == "e" or written in ("citext", "uuid"):
        return StoredType(written, Kind.TEXT)
    if element in ("e", "c"):
        inner = StoredType(written.removesuffix("[]"), Kind.TEXT if element == "e" else None, loose=element == "c")
        return StoredType(written, Kind.LIST, element=inner)
    found = stored_type(written, "postgres")
    return replace(found, doubt="its collation takes different texts for equal") if loose else found
