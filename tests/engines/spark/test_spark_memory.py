"""Decisions of a large run go from Spark into the ledger's staging file in bounded memory."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa

from campaign_dsl.run.engines.protocol import DECISION_COLUMNS
from campaign_dsl.run.engines.spark import SparkEngine
from campaign_dsl.run.ledger.staging import CANDIDATES
from campaign_dsl.run.ledger.store import Ledger

CANDIDATES_ASKED = 300_000
MAY_GROW_MB = 150
"""The rows have 480 MB as Arrow; a part of them 60, and two parts are there at a time."""

VALUES = {
    "customer_id": "'c' || id",
    "occurrence": "'2026'",
    "occurrence_day": "'2026-06-15'",
    "zone": "'Europe/Berlin'",
    "steps": "3L",
    "occurred_at": "CAST(NULL AS TIMESTAMP)",
    "context": "'{\"note\": \"' || REPEAT(MD5(CAST(id AS STRING)), 48) || '\"}'",
}
QUERY = (
    "SELECT "
    + ", ".join(f"{VALUES.get(name, 'CAST(NULL AS STRING)')} AS {name}" for name in DECISION_COLUMNS)
    + f" FROM RANGE(0, {CANDIDATES_ASKED}, 1, 8)"
)


def peak_mb() -> int:
    """The most memory this process has had since it was last asked to forget."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
    assert found is not None
    return int(found[1]) // 1024


def forget_the_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "utf-8")


def test_a_large_run_is_staged_part_by_part(engine: SparkEngine, tmp_path: Path) -> None:
    engine.read(QUERY.replace(str(CANDIDATES_ASKED), "10")).read_all()  # what it takes at all
    arrow = 0

    def read() -> pa.RecordBatchReader:
        reader = engine.read(QUERY)

        def counted() -> object:
            nonlocal arrow
            for batch in reader:
                arrow += batch.nbytes
                yield batch

        return pa.RecordBatchReader.from_batches(reader.schema, counted())

    forget_the_peak()
    before = peak_mb()
    with (
        Ledger.open(tmp_path / "ledger.sqlite") as ledger,
        ledger.staged("candidates", CANDIDATES, read, lambda *_: None) as rows,
    ):
        grown = peak_mb() - before
        counted = "SELECT COUNT(*), COUNT(DISTINCT customer_id), MIN(LENGTH(context)) FROM staging.candidates"
        assert ledger.connection.execute(counted).fetchone()[:2] == (CANDIDATES_ASKED, CANDIDATES_ASKED)
    assert rows == CANDIDATES_ASKED
    assert arrow > 400 << 20
    print(f"{rows} candidates, {arrow >> 20} MB as Arrow, {grown} MB of memory at most")
    assert grown < MAY_GROW_MB
