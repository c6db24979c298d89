"""Staging: rows from an engine, in a throw-away SQLite file beside the ledger, attached as `staging`."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from campaign_dsl.run.ledger.result import Progress
from campaign_dsl.run.ledger.staging import shaped
from campaign_dsl.run.ledger.stores.sqlite_errors import explained
from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.run.ledger.stores.sqlite import SQLiteLedger


@contextmanager
def staged(
    ledger: SQLiteLedger,
    table: str,
    columns: Mapping[str, str],
    read: Callable[[], pa.RecordBatchReader],
    progress: Progress,
    index: Sequence[str],
) -> Iterator[int]:
    """Attach what ``read`` yields as ``staging.<table>``, and take it away again; the value is the number of rows.

    The file is written by ADBC, which brings a SQLite library of its own, straight from Arrow. It must never open the
    ledger itself: two libraries with one file open in one process break its locks, because POSIX drops all locks of a
    process as soon as any of its descriptors of that file is closed. So ADBC gets a file of its own, closes it, and
    only then the ledger's connection attaches it.

    See `Ledger.staged`.
    """
    connection = ledger.connection
    with _folder(ledger) as place:
        path = place / "rows.sqlite"
        rows = _ingest(path, table, columns, read, progress)
        with explained(path):
            connection.execute("ATTACH DATABASE ? AS staging", (str(path),))
        try:
            # A throw-away file needs no journal and no syncs.
            connection.execute("PRAGMA staging.journal_mode = OFF").fetchone()
            connection.execute("PRAGMA staging.synchronous = OFF")
            if index:
                with explained(path):
                    connection.execute(f"CREATE INDEX staging.{table}_found ON {table} ({', '.join(index)})")
            yield rows
        finally:
            with suppress(sqlite3.OperationalError):  # a broken connection is closed by its owner
                connection.execute("DETACH DATABASE staging")


def remove_stale(ledger: SQLiteLedger) -> None:
    """Remove what killed processes left beside the ledger: folders whose lock nobody holds."""
    if any(_folders(ledger)):
        with ledger.writing():
            _remove_unlocked(ledger)


@contextmanager
def _folder(ledger: SQLiteLedger) -> Iterator[Path]:
    """A folder beside the ledger, marked as in use for as long as this process lives."""
    with ExitStack() as stack:
        # Folders are made, locked and looked at under the ledger's write lock, so that nobody sees one that is made
        # and not locked yet.
        with ledger.writing():
            _remove_unlocked(ledger)
            place = Path(mkdtemp(prefix=_prefix(ledger), dir=ledger.path.parent))
            stack.callback(shutil.rmtree, place, ignore_errors=True)
            lock = stack.enter_context((place / "lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield place


def _remove_unlocked(ledger: SQLiteLedger) -> None:
    for place in _folders(ledger):
        with suppress(OSError), (place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises while its owner lives
            shutil.rmtree(place, ignore_errors=True)


def _folders(ledger: SQLiteLedger) -> Iterator[Path]:
    return ledger.path.parent.glob(f"{_prefix(ledger)}*")


def _prefix(ledger: SQLiteLedger) -> str:
    return f".{ledger.path.name}.staging-"


def _ingest(
    path: Path,
    table: str,
    columns: Mapping[str, str],
    read: Callable[[], pa.RecordBatchReader],
    progress: Progress,
) -> int:
    import adbc_driver_sqlite.dbapi as adbc

    rows = 0
    try:
        with adbc.connect(str(path), autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA journal_mode = OFF")
            fields = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            cursor.execute(f'CREATE TABLE "{table}" ({fields})')
            with read() as reader:
                for batch in reader:
                    cursor.adbc_ingest(table, shaped(batch, columns), mode="append")
                    rows += batch.num_rows
                    progress("stage", rows, None)
    except adbc.Error as error:
        raise EnvironmentProblem(
            f"cannot write the staging file beside the ledger: {path.parent.parent} ({error})",
            help="make room, then run the same command again; nothing was written to the ledger",
            code="LED006",
        ) from error
    return rows
