"""The ledger file: opening it safely, transactions, and plain words for what SQLite says."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any

from campaign_dsl.run.ledger.statements import split, statements
from campaign_dsl.run.problems import EnvironmentProblem

SCHEMA_VERSION = 2
APPLICATION_ID = 0x43444C31
"""Marks the file as a ledger in its header: `CDL1`."""

SCRIPTS = ("schema.sql", "guards.sql")
"""What makes a ledger, in order."""

MISSING = "LED001"
_CACHE_KIB = 200_000
_OLDEST_SQLITE = (3, 38, 0)  # STRICT tables, RETURNING, the -> operator
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Ledger:
    """An open ledger. Use `Ledger.open`; close it, or use it as a context manager. One thread at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection, busy_timeout: float) -> None:
        self.path = path
        self.connection = connection
        self.busy_timeout = busy_timeout

    @classmethod
    def open(cls, path: Path, *, create: bool = True, busy_timeout: float = 60.0) -> Ledger:
        """Open the ledger at ``path``.

        Args:
            create: whether a missing ledger, and its folder, is created.
            busy_timeout: seconds to wait for another process that is writing.

        Raises:
            EnvironmentProblem: it is missing, locked, unreadable, not a ledger, or of a newer version.
        """
        path = Path(path)
        with explained(path):
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
            elif not path.exists():
                raise _missing(path)
            ledger = cls(path, connect(path, busy_timeout), busy_timeout)
            try:
                ledger._prepare(create)
            except BaseException:
                ledger.close()
                raise
        return ledger

    def close(self) -> None:
        """Close the file. An open transaction is rolled back."""
        self.connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction: all of it is kept, or nothing. Waits for other writers up to the busy timeout.

        Raises:
            EnvironmentProblem: another process kept writing, the disk is full, or the file cannot be written.
        """
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
        """One read transaction: everything read inside it is of the same moment."""
        with explained(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                with suppress(sqlite3.OperationalError):
                    self.connection.execute("ROLLBACK")

    def do(self, name: str, /, **values: Any) -> int:
        """Run the named statement; how many rows it wrote."""
        with explained(self.path):
            return self.connection.execute(_sql(name), values).rowcount

    def rows(self, name: str, /, **values: Any) -> list[Any]:
        """Every row of the named query."""
        with explained(self.path):
            return self.connection.execute(_sql(name), values).fetchall()

    def row(self, name: str, /, **values: Any) -> Any:
        """The first row of the named query, or None."""
        # Read to the end, all of them are short: a statement left in the middle keeps its table locked.
        return next(iter(self.rows(name, **values)), None)

    def value(self, name: str, /, **values: Any) -> Any:
        """The first value of the first row of the named query, or None."""
        row = self.row(name, **values)
        return None if row is None else row[0]

    def fill(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run the named statement for each of a few rows computed in Python."""
        with explained(self.path):
            self.connection.executemany(_sql(name), rows)

    def _prepare(self, create: bool) -> None:
        tables = self.connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        marked = self.connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        if not tables and create:
            self._create()
        elif not tables:
            raise _missing(self.path)
        elif not marked:
            raise EnvironmentProblem(
                f"{self.path} is a SQLite database, but not a ledger",
                help="point `ledger.path` in workspace.yaml somewhere else",
                code="LED002",
            )
        row = self.connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        if row is None or not str(row[0]).isdigit():
            raise EnvironmentProblem(
                f"{_BROKEN[0]}: {self.path} has no schema version", help=_BROKEN[1], code=_BROKEN[2]
            )
        found = int(row[0])
        if found > SCHEMA_VERSION:
            raise EnvironmentProblem(
                f"{self.path} was written by a newer version (ledger schema {found}, this one knows {SCHEMA_VERSION})",
                help="upgrade campaign-dsl",
                code="LED003",
            )
        if found < SCHEMA_VERSION:
            raise EnvironmentProblem(
                f"{self.path} was written by an older version (ledger schema {found}, this one knows {SCHEMA_VERSION})",
                help="go on with the version that wrote it; a new ledger would not know what was given already",
                code="LED013",
            )

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
                if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def connect(path: Path | str, busy_timeout: float) -> sqlite3.Connection:
    """A connection with the ledger's settings and functions. Statements commit by themselves outside `writing`."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise EnvironmentProblem(
            f"this Python has SQLite {sqlite3.sqlite_version}; the ledger needs 3.38 or newer", code="LED004"
        )
    # One thread at a time uses it, but not always the one that opened it: dispatch writes from a worker thread.
    connection = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None, check_same_thread=False, uri=True)
    try:
        # FULL: what is committed survives a power cut. Losing "about to send" would mean sending twice.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.create_function("key_hash", 2, _key_hash, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def holds_ledger(path: Path) -> bool:
    """Whether there is a ledger at ``path``; a file without tables, as a killed process can leave it, is none.

    Raises:
        EnvironmentProblem: there is one that cannot be used, or something else.
    """
    try:
        Ledger.open(path, create=False).close()
    except EnvironmentProblem as problem:
        if problem.code != MISSING:
            raise
        return False
    return True


def create_schema(connection: sqlite3.Connection) -> None:
    """All tables, views and triggers, inside the caller's transaction."""
    for script in SCRIPTS:
        for statement in split(files(__package__).joinpath(script).read_text(encoding="utf-8")):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into an `EnvironmentProblem`; leave our own mistakes as they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        known = _PROBLEMS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if known is None:
            raise
        message, help, code = known
        raise EnvironmentProblem(f"{message}: {path} ({error})", help=help, code=code) from error
    except OSError as error:
        raise EnvironmentProblem(f"the ledger cannot be used: {path} ({error.strerror})", code="LED005") from error


def _missing(path: Path) -> EnvironmentProblem:
    return EnvironmentProblem(f"there is no ledger at {path}", help="`campaign run` creates it", code=MISSING)


def _sql(name: str) -> str:
    return statements("campaign_dsl.run.ledger.sql")[name].sql


def _key_hash(purpose: str, key: str) -> str:
    """128 bits of an idempotency key: the same for ever, and not to be guessed from another customer's."""
    return blake2b(key.encode(), digest_size=16, person=purpose.encode()).hexdigest()


_FULL = ("the disk is full", "make room, then run the same command again; nothing was lost", "LED006")
_LOCKED = ("another process is writing to the ledger", "wait for it, then run the same command again", "LED007")
_BROKEN = ("the ledger is damaged or is not a SQLite file", "restore it from a backup", "LED008")
_PROBLEMS: dict[int, tuple[str, str | None, str]] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: ("the ledger cannot be read or written", "look at the disk, then run it again", "LED009"),
    sqlite3.SQLITE_READONLY: ("the ledger is read-only", "check who owns the file and its folder", "LED010"),
    sqlite3.SQLITE_CANTOPEN: ("the ledger cannot be opened", "check that the folder exists and is yours", "LED005"),
    sqlite3.SQLITE_PERM: ("the ledger cannot be opened", "check who owns the file and its folder", "LED005"),
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: _BROKEN,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
}
