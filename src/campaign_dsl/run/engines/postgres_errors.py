"""What PostgreSQL says went wrong, as what it means here: the cause, and what to do. No password is ever in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from campaign_dsl.compile.sql.dialects.postgres_writer import UNICODE
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem, tables_differ, unreadable

OLDEST = 150_000
_SAID = re.compile(r"(?:ERROR|FATAL|PANIC):\s+(.*)")
_NO_NUMBER = re.compile(r"cannot convert (?:NaN|-?infinity) to")
_MISSING = {"3F000", "42P01", "42703", "42704"}  # schema, table, column, type or collation
_OTHER_TYPE = {"42804", "42846", "42883", "42725", "42P18", "42P21", "42P22", "42809"}
_OURS = {"42501", "42601"}  # no rights; a text that is no SQL
_LOST = {"57P01", "57P02", "57P03", "57P05", "25P03"}
_UNREACHABLE = (
    ("password authentication failed", "check `engine: user:`, and what `engine: password:` points to", "ENV003"),
    ("no password supplied", "say with `engine: password:` where the password is", "ENV003"),
    ("no pg_hba.conf entry", "ask who runs the server to let this user in from this machine", "ENV003"),
    ("authentication failed", "check `engine: user:` in workspace.yaml", "ENV003"),
    ('role "', "check `engine: user:` in workspace.yaml", "ENV003"),
    ("permission denied for database", "ask who owns the database for the right to connect", "ENV003"),
    ('database "', "check `engine: database:` in workspace.yaml", "ENV002"),
    ("translate host name", "check `engine: host:` in workspace.yaml", "ENV003"),
    ("resolve host", "check `engine: host:` in workspace.yaml", "ENV003"),
    ("Connection refused", "is the server running, and are `engine: host:` and `port:` its own?", "ENV003"),
    ("No such file or directory", "is the server running, and is its socket in the folder `engine: host:`?", "ENV003"),
    ("timeout expired", "is the server running, and may this machine reach it?", "ENV003"),
    ("SSL", "check `engine: sslmode:` in workspace.yaml", "ENV003"),
    ("certificate", "check `engine: sslmode:` in workspace.yaml", "ENV003"),
    ("too many clients", "wait until others have finished, then run again", "ENV003"),
    ("remaining connection slots", "wait until others have finished, then run again", "ENV003"),
    ("starting up", "wait until the server has started, then run again", "ENV003"),
    ("shutting down", "wait until the server is back, then run again", "ENV003"),
)


def unreachable(said: str, place: str) -> EnvironmentProblem:
    """Why there is no connection."""
    found = _SAID.search(said)
    line = found[1] if found else _first(said)
    line = line.rpartition("failed: ")[2] or line
    known = next(((help, code) for mark, help, code in _UNREACHABLE if mark in said), None)
    help, code = known or ("check `engine:` of this target in workspace.yaml", "ENV003")
    return EnvironmentProblem(f"cannot open the database {place}: {line.rstrip('.')}", help=help, code=code)


def refuse_unsuitable(version: int, encoding: str) -> None:
    """Refuse a server that would not understand the queries, or understand them in another way.

    Raises:
        EnvironmentProblem: it is too old, or its texts are not in Unicode.
    """
    if version < OLDEST:
        raise EnvironmentProblem(
            f"the server is PostgreSQL {version // 10_000}; the engine `postgres` needs {OLDEST // 10_000} or newer",
            help="use a newer server, or another engine",
            code="ENV003",
        )
    if encoding != "UTF8":
        raise EnvironmentProblem(
            f"the database is in {encoding}, and only in UTF8 texts compare by code point",
            help="use a database that was made with ENCODING 'UTF8'",
            code="ENV003",
        )


@contextmanager
def explained(timeout_seconds: int | None = None) -> Iterator[None]:
    """Problems instead of the exceptions of ADBC and Arrow."""
    import adbc_driver_manager
    import pyarrow as pa

    try:
        yield
    except adbc_driver_manager.Error as error:
        raise _problem(str(error), error.sqlstate or "", timeout_seconds) from error
    except pa.ArrowInvalid as error:
        raise unreadable(str(error).splitlines()[0]) from error
    except (MemoryError, pa.ArrowMemoryError) as error:
        raise EnvironmentProblem("the query failed: this machine ran out of memory", code="ENV004") from error
    except (OSError, pa.ArrowException) as error:
        # What breaks while rows come reaches us through Arrow, which keeps the text and drops the code.
        raise _problem(str(error), "", timeout_seconds) from error


def _problem(text: str, state: str, timeout_seconds: int | None) -> EnvironmentProblem:
    found = _SAID.search(text)
    said = (found[1] if found else _first(text)).rstrip(".")
    state = state or (_STATE.search(text) or [""])[0]
    if f'collation "{UNICODE}"' in said:
        return EnvironmentProblem(
            "this database does not know how letters are made small: PostgreSQL before 17 has no collation "
            f"`{UNICODE}`",
            help=f"its owner runs once: CREATE COLLATION {UNICODE} (provider = libc, locale = 'C.UTF-8')",
            code="ENV003",
        )
    if state in _MISSING or state in _OTHER_TYPE or (state.startswith("42") and state not in _OURS):
        return tables_differ(said)
    if state.startswith("22") or _NO_NUMBER.search(said):
        return unreadable(said)
    return _refused(said, state, timeout_seconds)


def _first(text: str) -> str:
    return text.strip().split("\n", 1)[0] or "no reason given"


_STATE = re.compile(r"(?<=SQLSTATE: )\w{5}|(?<=SQLSTATE )\w{5}")


def beyond_years(column: str) -> DataProblem:
    """A day or an instant that nothing behind the engine can hold."""
    return unreadable(f"`{column}` of the answer has one that is infinite, or in none of the years 1 to 9999")


def _refused(said: str, state: str, timeout_seconds: int | None) -> EnvironmentProblem:
    """What the server did not do, and what to do about it."""

    def failed(why: str, help: str | None) -> EnvironmentProblem:
        return EnvironmentProblem(why, help=help, code="ENV004")

    if "statement timeout" in said:
        within = f"{timeout_seconds} seconds" if timeout_seconds else "the time that the server allows"
        return failed(
            f"the query was cancelled: it was not done within {within}",
            "raise `engine: timeout_seconds:`, or ask who runs the server why it is slow",
        )
    if state == "57014":
        return failed(f"the query was cancelled: {said}", "run it again")
    if state == "42501":
        return failed(f"the query was refused: {said}", "its owner grants SELECT on it to `engine: user:`")
    if state == "40001" or "conflict with recovery" in said:
        return failed(f"the query was cancelled: {said}", "run it again; on a replica, allow it longer queries")
    if state in ("53200", "53100", "53400"):
        what = "memory" if state == "53200" else "space for its temporary files"
        return failed(f"the query failed: the server ran out of {what} ({said})", "ask who runs the server for more")
    if state == "25006":
        return failed(
            f"the query was refused: {said}", "the server is a replica, which keeps no rows of ours: use the primary"
        )
    if state in _LOST or state.startswith("08") or "connection" in said:
        return failed(f"the connection to the server is lost: {said}", "is it still running? then run it again")
    return failed(f"the query failed: {said}", None)
