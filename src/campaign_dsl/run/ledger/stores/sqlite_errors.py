"""What SQLite and the file system say, in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign_dsl.run.ledger.store import ConstraintError
from campaign_dsl.run.problems import EnvironmentProblem

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into problems; leave our own mistakes as they are."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise ConstraintError(str(error)) from error
    except sqlite3.DatabaseError as error:
        known = _PROBLEMS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if known is None:
            raise
        message, help, code = known
        raise EnvironmentProblem(f"{message}: {path} ({error})", help=help, code=code) from error
    except OSError as error:
        raise EnvironmentProblem(f"the ledger cannot be used: {path} ({error.strerror})", code="LED005") from error


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
