"""What PostgreSQL and its drivers say, in plain words. No password and no connection string is ever in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from campaign_dsl.run.ledger.place import PostgresPlace
from campaign_dsl.run.ledger.store import ConstraintError
from campaign_dsl.run.problems import EnvironmentProblem

_AGAIN = "then run the same command again"
_UNREACHABLE = (
    ("password authentication failed", "check `ledger: user:`, and what `ledger: password:` points to"),
    ("no password supplied", "say with `ledger: password:` where the password is"),
    ("no pg_hba.conf entry", "ask who runs the server to let this user in from this machine"),
    ("authentication failed", "check `ledger: user:` in workspace.yaml"),
    ("permission denied for database", "ask who owns the database for the right to connect"),
    ('role "', "check `ledger: user:` in workspace.yaml"),
    ('database "', "check `ledger: database:` in workspace.yaml"),
    ("resolve host", "check `ledger: host:` in workspace.yaml"),
    ("translate host name", "check `ledger: host:` in workspace.yaml"),
    ("Connection refused", "is the server running, and are `ledger: host:` and `port:` its own?"),
    ("No such file or directory", "is the server running, and is its socket in the folder `ledger: host:`?"),
    ("timeout expired", "is the server running, and may this machine reach it?"),
    ("SSL", "check `ledger: sslmode:` in workspace.yaml"),
    ("certificate", "check `ledger: sslmode:` in workspace.yaml"),
    ("too many clients", f"wait until others have finished, {_AGAIN}"),
    ("connection slots", f"wait until others have finished, {_AGAIN}"),
    ("starting up", f"wait until the server has started, {_AGAIN}"),
    ("shutting down", f"wait until the server is back, {_AGAIN}"),
)
_FULL = ("the disk of the server is full", f"make room, {_AGAIN}; nothing was lost", "LED006")
_LOCKED = ("another process is writing to the ledger", f"wait for it, {_AGAIN}", "LED007")
_BROKEN = ("the ledger's database is damaged", "restore it from a backup", "LED008")
_READ_ONLY = ("the ledger is read-only", "is the server a standby, or the database read-only for this user?", "LED010")
_LOST = (
    "the connection to the ledger was lost",
    "run the same command again when the server is back: it goes on from what was kept",
    "LED015",
)
_SHORT = ("the server ran out of memory", f"wait until others have finished, {_AGAIN}", "LED009")
_KNOWN: dict[str, tuple[str, str, str]] = {
    "53100": _FULL,
    "53200": _SHORT,
    "53400": _SHORT,
    "54000": (
        "a key or an address is too long: PostgreSQL finds at most 2,700 bytes again",
        "look for it among the candidates and in the suppression lists, and shorten it where it comes from",
        "LED009",
    ),
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "40001": _LOCKED,
    "25006": _READ_ONLY,
    "42501": ("this user lacks a right on the ledger", "docs/ledger.md says which rights it needs", "LED005"),
    "57014": (
        "the server cancelled a statement",
        f"raise `statement_timeout` for this user, {_AGAIN}",
        "LED016",
    ),
    "58030": ("the ledger cannot be read or written", "look at the server's disk, then run it again", "LED009"),
    "XX001": _BROKEN,
    "XX002": _BROKEN,
    **dict.fromkeys(("57P01", "57P02", "57P03", "57P05", "25P03", "25P04"), _LOST),
}
_SAID = re.compile(r"(?:ERROR|FATAL|PANIC):\s+(.*)")


@contextmanager
def explained(place: PostgresPlace) -> Iterator[None]:
    """Turn what the server says into problems; leave our own mistakes as they are."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate or ""
        if state[:2] in ("22", "23"):  # a value that is none of its type is refused as a row is
            raise ConstraintError(said(str(error))) from error
        lost = state[:2] == "08" or (not state and isinstance(error, psycopg.OperationalError))
        problem = problem_of(state, str(error), place, lost)
        if problem is None:
            raise
        raise problem from error


def problem_of(state: str, text: str, place: PostgresPlace, lost: bool = False) -> EnvironmentProblem | None:
    """The problem behind an SQLSTATE; None where it is a mistake of ours."""
    known = _LOST if lost else _KNOWN.get(state)
    if known is None:
        return None
    message, help, code = known
    return EnvironmentProblem(f"{message}: {place} ({said(text)})", help=help, code=code)


def unreachable(text: str, place: PostgresPlace) -> EnvironmentProblem:
    """Why there is no connection."""
    help = next((help for mark, help in _UNREACHABLE if mark in text), "check `ledger:` of this target")
    return EnvironmentProblem(f"the ledger cannot be reached: {place} ({said(text)})", help=help, code="LED014")


def said(text: str) -> str:
    """The first thing the server says; libpq puts the address before it, and hints after."""
    found = _SAID.search(text)
    lines = text.strip().splitlines()
    line = found[1] if found else (lines[0] if lines else "no answer")
    return (line.rpartition("failed: ")[2] or line).rstrip(".: ")
