"""The ledger in a SQLite file: nobody has to run anything for it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from campaign_dsl.run.ledger.statements import named, split, statements_of
from campaign_dsl.run.ledger.store import GUARDS, SCRIPT, Ledger, missing, refuse_other_version
from campaign_dsl.run.ledger.stores.sqlite_errors import BUSY, explained
from campaign_dsl.run.ledger.stores.sqlite_json import SQLiteJson
from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.run.ledger.result import Progress

APPLICATION_ID = 0x43444C31
"""Marks the file as a ledger in its header: `CDL1`."""

_CACHE_KIB = 200_000
_OLDEST = (3, 39, 0)  # STRICT tables, RETURNING, the -> operator, IS DISTINCT FROM


class SQLiteLedger(Ledger):
    """See `Ledger`. All writers wait for each other, and readers for nobody."""

    json = SQLiteJson()

    def __init__(self, path: Path, connection: sqlite3.Connection, busy_timeout: float) -> None:
        self.place = self.path = path
        self.connection = connection
        self.busy_timeout = busy_timeout
        self._statements = {name: each.sql for name, each in statements_of("sqlite").items()}

    @classmethod
    def at(cls, path: Path, create: bool, busy_timeout: float) -> SQLiteLedger:
        """See `Ledger.open`."""
        with explained(path):
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            elif not path.exists():
                raise missing(path)
            ledger = cls(path, connect(path, busy_timeout), busy_timeout)
            try:
                ledger._prepare(create)
            except BaseException:
                ledger.close()
                raise
        return ledger

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def writing(self, *, beside_others: bool = False) -> Iterator[None]:
        with explained(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors (a full disk, say).
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        with explained(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                with suppress(sqlite3.OperationalError):
                    self.connection.execute("ROLLBACK")

    def explained(self) -> AbstractContextManager[None]:
        return explained(self.path)

    def run(self, name: str, values: Mapping[str, Any]) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor = self.connection.execute(self._statements[name], values)
        return cursor

    def run_each(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self.connection.executemany(self._statements[name], rows)

    def run_text(self, statement: str) -> None:
        self.connection.execute(statement)

    def grown(self, rows: int, *tables: str) -> None:
        """SQLite plans by the indices alone."""

    def staged(
        self,
        table: str,
        columns: Mapping[str, str],
        read: Callable[[], pa.RecordBatchReader],
        progress: Progress,
        index: Sequence[str] = (),
    ) -> AbstractContextManager[int]:
        from campaign_dsl.run.ledger.stores.sqlite_staging import staged

        return staged(self, table, columns, read, progress, index)

    def remove_stale(self) -> None:
        from campaign_dsl.run.ledger.stores.sqlite_staging import remove_stale

        remove_stale(self)

    def _prepare(self, create: bool) -> None:
        tables = self.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        marked = self.connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        if not tables and create:
            self._create()
        elif not tables:
            raise missing(self.path)
        elif not marked:
            raise EnvironmentProblem(
                f"{self.path} is a SQLite database, but not a ledger",
                help="point `ledger: path:` in workspace.yaml somewhere else",
                code="LED002",
            )
        row = self.connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        refuse_other_version(self.path, None if row is None else row[0])

    def _create(self) -> None:
        self._write_ahead()
        with self.writing():
            # Another process may have created it while this one waited.
            if self.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return
            create_schema(self.connection)

    def _write_ahead(self) -> None:
        """Readers must not wait for a run. SQLite does not wait by itself when two processes switch a file at once."""
        deadline = time.monotonic() + self.busy_timeout
        while True:
            try:
                self.connection.execute("PRAGMA journal_mode = WAL").fetchone()
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def connect(path: Path | str, busy_timeout: float) -> sqlite3.Connection:
    """A connection with the ledger's settings and functions. Statements commit by themselves outside `writing`."""
    if sqlite3.sqlite_version_info < _OLDEST:
        raise EnvironmentProblem(
            f"this Python has SQLite {sqlite3.sqlite_version}; the ledger needs 3.39 or newer", code="LED004"
        )
    # One thread at a time uses it, but not always the one that opened it: dispatch writes from a worker thread.
    connection = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None, check_same_thread=False, uri=True)
    try:
        # FULL: what is committed survives a power cut. Losing "about to send" would mean sending twice.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.create_function("key_hash", 1, _key_hash, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def create_schema(connection: sqlite3.Connection) -> None:
    """All tables, views and triggers, inside the caller's transaction."""
    folder = files("campaign_dsl.run.ledger")
    for statement in split(folder.joinpath(SCRIPT).read_text(encoding="utf-8")):
        connection.execute(statement)
    for guard in named(folder.joinpath(GUARDS).read_text(encoding="utf-8")):
        refusal = f"BEGIN SELECT RAISE(ABORT, '{guard.sentence}'); END"
        connection.execute(f"CREATE TRIGGER {guard.name} BEFORE {guard.sql}\n{refusal}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _key_hash(key: str) -> str:
    """128 bits of an idempotency key: the same for ever, and not to be guessed from another customer's."""
    return sha256(key.encode()).hexdigest()[:32]
