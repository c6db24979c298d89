"""Columns of Arrow as numpy has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from campaign_dsl.run.together.unable import Unable

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Booleans = npt.NDArray[np.bool_]

PLACES = 6
"""Digits after the point that are counted of decimals with 256 bits. ClickHouse gives all decimals 38 of them."""


def holds(column: pa.Array) -> Booleans:
    """A condition: missing is no. Engines without booleans say 0 and 1."""
    if kinds.is_null(column.type):
        return np.zeros(len(column), np.bool_)
    if not kinds.is_boolean(column.type):
        column = column.cast(pa.bool_())
    if column.null_count:
        column = pc.fill_null(column, False)
    return np.asarray(column.to_numpy(zero_copy_only=False))


def instants(column: pa.Array) -> tuple[Numbers, int]:
    """Instants as numbers since 1970, none missing, and how many of these are a microsecond, negative the reverse.

    SQLite has no instants, only numbers of microseconds.

    Raises:
        Unable: they are no instants.
    """
    if kinds.is_int64(column.type):
        return np.asarray(column.to_numpy(zero_copy_only=False)), 1
    if not kinds.is_timestamp(column.type):
        raise Unable(f"instants of type {column.type}")
    factor = {"s": -1_000_000, "ms": -1_000, "us": 1, "ns": 1_000}[column.type.unit]
    return np.asarray(column.cast(pa.int64()).to_numpy(zero_copy_only=False)), factor


def exact(column: pa.Array, scale: int | None) -> tuple[Numbers, Booleans, int]:
    """Exact numbers as whole multiples of ``10 ** -scale``, which of them are known, and the scale.

    Args:
        scale: what it was for the rows before.

    Raises:
        Unable: they are binary floats, or do not fit into 64 bits.
    """
    known = np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
    if kinds.is_integer(column.type):
        if kinds.is_uint64(column.type):
            raise Unable("integers of 64 bits without a sign")
        numbers = pc.fill_null(column.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        return np.asarray(numbers), known, _same(0, scale)
    if not kinds.is_decimal(column.type):
        raise Unable(f"numbers of type {column.type}, which are not exact")
    if not kinds.is_decimal128(column.type):
        column = _narrowed(column)
    data = column.buffers()[1]
    if data is None or not len(column):
        return np.zeros(len(column), np.int64), known, _same(column.type.scale, scale)
    halves = np.frombuffer(data, np.int64)[2 * column.offset : 2 * (column.offset + len(column))].reshape(-1, 2)
    low = np.where(known, halves[:, 0], 0)
    if not np.array_equal(low[known] >> 63, halves[known, 1]):
        raise Unable("decimals that do not fit into 64 bits")
    return low, known, _same(column.type.scale, scale)


def _narrowed(column: pa.Array) -> pa.Array:
    """Decimals of 256 bits in 128, with `PLACES` digits after the point where the column has more.

    Raises:
        Unable: some need more digits.
    """
    scale = column.type.scale if column.type.scale <= PLACES else PLACES
    try:
        return column.cast(pa.decimal256(76, scale)).cast(pa.decimal128(38, scale))
    except pa.ArrowInvalid as error:
        raise Unable(f"decimals that need more than {PLACES} digits after the point, or more than 38 in all") from error


def _same(mine: int, before: int | None) -> int:
    if before is not None and before != mine:
        raise Unable("decimals whose scale changes from batch to batch")
    return mine
