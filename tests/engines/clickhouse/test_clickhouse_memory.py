"""Decisions of a large run go from ClickHouse into the ledger's staging file in bounded memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chdb.session import Session

ROWS = 600_000
MAY_GROW_MB = 400
"""The rows have 940 MB as Arrow; some blocks of 8,192 rows are on their way at once."""

STAGED = """
import re, sys
from pathlib import Path
import pyarrow as pa
from campaign_dsl.run.engines.clickhouse import ClickHouseEngine
from campaign_dsl.run.engines.clickhouse_embedded import Folder
from campaign_dsl.run.engines.protocol import DECISION_COLUMNS
from campaign_dsl.run.ledger.staging import CANDIDATES
from campaign_dsl.run.ledger.store import Ledger

VALUES = {
    "customer_id": "concat('c', toString(number))",
    "occurrence": "'2026'",
    "occurrence_day": "'2026-06-15'",
    "zone": "'Europe/Berlin'",
    "steps": "toInt64(3)",
    "occurred_at": "CAST(NULL AS Nullable(DateTime64(6, 'UTC')))",
    "context": "concat('{\\"note\\": \\"', repeat(hex(MD5(toString(number))), 48), '\\"}')",
}
COLUMNS = ", ".join(f"{VALUES.get(name, 'CAST(NULL AS Nullable(String))')} AS {name}" for name in DECISION_COLUMNS)

def query(rows):
    return f"SELECT {COLUMNS} FROM numbers({rows})"

def peak_mb():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024

engine = ClickHouseEngine(Folder(Path(sys.argv[1])))
engine.read(query(10)).read_all()  # what it takes at all
arrow = 0

def read():
    reader = engine.read(query(int(sys.argv[3])))
    def counted():
        global arrow
        for batch in reader:
            arrow += batch.nbytes
            yield batch
    return pa.RecordBatchReader.from_batches(reader.schema, counted())

Path("/proc/self/clear_refs").write_text("5")
before = peak_mb()
with (
    Ledger.open(Path(sys.argv[2])) as ledger,
    ledger.staged("candidates", CANDIDATES, read, lambda *_: None) as rows,
):
    grown = peak_mb() - before
    (there,) = ledger.connection.execute("SELECT COUNT(DISTINCT customer_id) FROM staging.candidates").fetchone()
print(rows, there, arrow >> 20, grown)
engine.close()
"""


def test_a_large_run_is_staged_part_by_part(tmp_path: Path) -> None:
    """In a process of its own, so that what other tests have left in memory does not count."""
    with Session(str(tmp_path / "data")) as session:
        session.query("CREATE TABLE customers (id String) ENGINE = MergeTree ORDER BY id")
    command = [sys.executable, "-c", STAGED, str(tmp_path / "data"), str(tmp_path / "ledger.sqlite"), str(ROWS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows, there, arrow, grown = map(int, done.stdout.split())
    assert (rows, there) == (ROWS, ROWS)
    assert arrow > 900
    print(f"{rows} candidates, {arrow} MB as Arrow, {grown} MB of memory at most")
    assert grown < MAY_GROW_MB
