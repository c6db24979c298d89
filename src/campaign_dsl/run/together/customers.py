"""One scan of customers: their keys, who can be judged, and every condition that their own row answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from campaign_dsl.compile.together.queries import CUSTOMER_ID, FLAG, READABLE
from campaign_dsl.run.together import bitmaps
from campaign_dsl.run.together.columns import holds
from campaign_dsl.run.together.fingerprints import is_text
from campaign_dsl.run.together.keys import NOWHERE, Keys

if TYPE_CHECKING:
    from campaign_dsl.run.together.bitmaps import Bits

BLOCK = 1 << 17
"""Rows that are packed at a time; a multiple of eight."""


@dataclass(frozen=True)
class Scanned:
    """What a scan found: for each row its key, whether it can be judged, and the conditions asked."""

    keys: pa.Array
    readable: Bits
    flags: list[Bits]


def scanned(rows: pa.RecordBatchReader, flags: int) -> Scanned:
    """The answer of a query of `queries.flags` with so many conditions."""
    names = [READABLE, *(f"{FLAG}{number}" for number in range(flags))]
    kind = rows.schema.field(CUSTOMER_ID).type
    kind = pa.large_string() if is_text(kind) else kind  # All together may have more than 2**31 bytes.
    keys: list[pa.Array] = []
    packed: list[list[Bits]] = [[] for _ in names]
    for block in _blocks(rows):
        column = block.column(CUSTOMER_ID)
        keys += (column.cast(kind) if column.type != kind else column).chunks
        for into, name in zip(packed, names, strict=True):
            into.append(bitmaps.packed(np.concatenate([holds(chunk) for chunk in block.column(name).chunks])))
    whole = [np.concatenate(parts) if parts else np.zeros(0, np.uint8) for parts in packed]
    together = pa.chunked_array(keys, kind).combine_chunks() if keys else pa.array([], kind)
    return Scanned(together, whole[0], whole[1:])


def moved(scan: Scanned, keys: Keys) -> Scanned:
    """A scan whose rows came in another order, in the order of ``keys``. No key may be doubled."""
    rows = keys.rows(scan.keys)
    inside = rows != NOWHERE

    def there(bits: Bits) -> Bits:
        found = np.zeros(len(keys), np.bool_)
        found[rows[inside]] = np.unpackbits(bits, count=len(rows), bitorder="little")[inside]
        return bitmaps.packed(found)

    return Scanned(keys.keys, there(scan.readable), [there(each) for each in scan.flags])


def _blocks(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The same rows, `BLOCK` at a time."""
    waiting: list[pa.RecordBatch] = []
    for batch in rows:
        waiting.append(batch)
        while sum(each.num_rows for each in waiting) >= BLOCK:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, BLOCK)
            waiting = table.slice(BLOCK).to_batches()
    if sum(each.num_rows for each in waiting):
        yield pa.Table.from_batches(waiting)
