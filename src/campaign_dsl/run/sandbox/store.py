"""What the sandbox keeps: every request with its verdict, and the messages in it, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.sandbox.judging import Judgement

CODE = "ENV023"
_VERSION = 1
_SCHEMA = """
CREATE TABLE request (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,            -- microseconds since 1970, UTC
    method   TEXT NOT NULL,
    path     TEXT NOT NULL,
    headers  TEXT NOT NULL,               -- JSON: [[name, value], ...], credentials masked
    body     BLOB NOT NULL,
    provider TEXT NOT NULL,
    verdict  TEXT NOT NULL CHECK (verdict IN ('accepted', 'refused')),
    problems TEXT NOT NULL,               -- JSON: what breaks the contract
    status   INTEGER,                     -- what was answered; null when nothing was
    fault    TEXT                         -- the fault that was ordered
) STRICT;

CREATE TABLE message (
    id         INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES request,
    recipient  TEXT,
    target     TEXT,
    campaign   TEXT,
    key        TEXT,                      -- what the same message is known by when it comes again
    taken      INTEGER NOT NULL CHECK (taken IN (0, 1)),
    repeats    INTEGER REFERENCES message, -- the first taken message with this key
    properties TEXT NOT NULL              -- JSON object
) STRICT;

CREATE INDEX message_of_request ON message (request_id);
CREATE INDEX message_taken ON message (key) WHERE taken = 1;
CREATE VIEW caught AS
SELECT m.id, m.request_id, r.at, r.provider, m.recipient, m.target, m.campaign, m.properties, m.repeats, r.verdict,
       r.problems, r.status, r.fault
FROM message m JOIN request r ON r.id = m.request_id;
"""
_LATEST = """
SELECT * FROM caught
WHERE id < :before AND (:wanted = '' OR instr(lower(recipient), lower(:wanted))
      OR instr(lower(target), lower(:wanted)) OR instr(lower(campaign), lower(:wanted)))
ORDER BY id DESC LIMIT :count
"""
_AFTER = "SELECT * FROM caught WHERE id > ? ORDER BY id LIMIT ?"
_OF_REQUEST = "SELECT * FROM caught WHERE request_id = ? ORDER BY id"


@dataclass(frozen=True, slots=True)
class CaughtMessage:
    """A message as it is shown. ``repeats`` is the id of an earlier one that was taken already, or None."""

    id: int
    request_id: int
    at: datetime
    provider: str
    recipient: str | None
    target: str | None
    campaign: str | None
    properties: Mapping[str, Any]
    repeats: int | None
    verdict: Literal["accepted", "refused"]
    problems: tuple[str, ...]
    status: int | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class CaughtRequest:
    """A request, whole."""

    id: int
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    messages: tuple[CaughtMessage, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a sandbox has caught. All but ``requests`` count messages; ``repeated`` are among the accepted."""

    requests: int = 0
    accepted: int = 0
    refused: int = 0
    repeated: int = 0


class Store:
    """The sandbox's file, open. For one thread.

    Raises:
        EnvironmentProblem: the file cannot be opened, or is something else.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise _problem(path, error) from error

    def close(self) -> None:
        self._connection.close()

    def add(
        self,
        *,
        at: datetime,
        method: str,
        path: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        judgement: Judgement,
        taken: bool,
        status: int | None,
        fault: str | None,
    ) -> None:
        """Keep a request, durably enough to survive the process.

        Args:
            taken: whether the provider would have sent the messages.

        Raises:
            sqlite3.Error: it could not be written; nothing of it was.
        """
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        try:
            verdict = "accepted" if taken else "refused"
            micros = int(at.timestamp() * 1_000_000)
            row = (micros, method, _text(path), json.dumps(list(headers)), body, judgement.provider, verdict)
            request = db.execute(
                "INSERT INTO request (at, method, path, headers, body, provider, verdict, problems, status, fault)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, json.dumps(judgement.problems), status, fault),
            ).lastrowid
            for message in judgement.messages:
                key = _text(message.key)
                db.execute(
                    "INSERT INTO message (request_id, recipient, target, campaign, key, taken, repeats, properties)"
                    " VALUES (?, ?, ?, ?, ?, ?, (SELECT min(id) FROM message WHERE key = ? AND taken = 1), ?)",
                    (
                        request,
                        _text(message.recipient),
                        _text(message.target),
                        _text(message.campaign),
                        key,
                        taken,
                        key,
                        json.dumps(message.properties),
                    ),
                )
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise

    def newest(self, count: int, *, before: int | None = None, search: str = "") -> list[CaughtMessage]:
        """Messages, newest first.

        Args:
            before: only those older than the message with this id.
            search: only those whose recipient, target or campaign contains this, whatever its case (of ASCII letters).
        """
        wanted = _text(search)
        values = {"before": before if before is not None else 2**62, "wanted": wanted, "count": count}
        return [_message(row) for row in self._connection.execute(_LATEST, values)]

    def after(self, message_id: int, count: int) -> list[CaughtMessage]:
        """Messages that came after the one with this id, oldest first."""
        return [_message(row) for row in self._connection.execute(_AFTER, (message_id, count))]

    def request_of(self, message_id: int) -> CaughtRequest | None:
        """The request that a message came in."""
        row = self._connection.execute(
            "SELECT r.id, r.method, r.path, r.headers, r.body FROM request r JOIN message m ON m.request_id = r.id"
            " WHERE m.id = ?",
            (message_id,),
        ).fetchone()
        if row is None:
            return None
        identity, method, path, headers, body = row
        pairs = tuple((name, value) for name, value in json.loads(headers))
        messages = tuple(_message(each) for each in self._connection.execute(_OF_REQUEST, (identity,)))
        return CaughtRequest(identity, method, path, pairs, body, messages)

    def counts(self) -> Counts:
        """See `counts`."""
        return _counts(self._connection)


def counts(path: Path) -> Counts:
    """What the sandbox with this file has caught so far; nothing when there is no such file.

    Raises:
        EnvironmentProblem: the file is something else.
    """
    if not path.exists():
        return Counts()
    try:
        with closing(_open(path)) as connection:
            return _counts(connection)
    except sqlite3.Error as error:
        raise _problem(path, error) from error


def _counts(connection: sqlite3.Connection) -> Counts:
    requests, accepted, refused, repeated = connection.execute(
        "SELECT (SELECT count(*) FROM request), count(*) FILTER (WHERE taken), count(*) FILTER (WHERE NOT taken),"
        " count(*) FILTER (WHERE taken AND repeats IS NOT NULL) FROM message"
    ).fetchone()
    return Counts(requests, accepted, refused, repeated)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if version == 0 and not tables:
            for statement in _SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        elif version != _VERSION or not {"request", "message"} <= tables:
            raise sqlite3.DatabaseError("it is no file of this sandbox")
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _problem(path: Path, error: Exception) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"the sandbox cannot use `{path}`: {getattr(error, 'strerror', None) or error}",
        help="set another `sandbox.path` in workspace.yaml, or delete the file; it holds only what was caught",
        code=CODE,
    )


def _message(row: tuple[Any, ...]) -> CaughtMessage:
    identity, request, at, provider, recipient, target, campaign, *rest = row
    properties, repeats, verdict, problems, status, fault = rest
    return CaughtMessage(
        id=identity,
        request_id=request,
        at=datetime.fromtimestamp(at / 1_000_000, UTC),
        provider=provider,
        recipient=recipient,
        target=target,
        campaign=campaign,
        properties=json.loads(properties),
        repeats=repeats,
        verdict=verdict,
        problems=tuple(json.loads(problems)),
        status=status,
        fault=fault,
    )


def _text(text: str | None) -> str | None:
    """Text that SQLite can hold: half characters (lone surrogates) become visible escapes."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()
