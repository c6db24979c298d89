"""Rows from an engine on their way into a ledger: which columns, and in which types, whatever the engine calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from campaign_dsl.run.engines.protocol import DECISION_COLUMNS
from campaign_dsl.run.problems import DataProblem

if TYPE_CHECKING:
    import pyarrow as pa

CANDIDATES: Mapping[str, str] = {
    name: "INTEGER" if name in ("steps", "occurred_at") else "TEXT" for name in DECISION_COLUMNS
}
LISTED: Mapping[str, str] = {"list": "TEXT", "address": "TEXT"}


def shaped(batch: pa.RecordBatch, columns: Mapping[str, str]) -> pa.RecordBatch:
    """The columns in order and in the two types staging knows; engines differ in how they spell text and integers.

    Raises:
        DataProblem: a column is missing, or has another type.
    """
    import pyarrow as pa

    arrays: list[Any] = []
    for name, kind in columns.items():
        try:
            column = batch.column(name)
            if pa.types.is_timestamp(column.type):
                column = column.cast(pa.timestamp("us", "UTC"))  # instants in the ledger are microseconds
            arrays.append(column.cast(pa.int64() if kind == "INTEGER" else pa.string()))
        except (KeyError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise DataProblem(
                f"the rows of the engine have no usable column `{name}`: {error}", code="DAT010"
            ) from error
    return pa.record_batch(arrays, names=list(columns))
