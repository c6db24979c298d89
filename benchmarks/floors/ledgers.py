"""What `ledger_stores` measures, each in a process of its own: `run STORE N`, `copy STORE`, `stream STORE N`.

STORE is the path of a SQLite file, or `SOCKET/SCHEMA` of the benchmark's PostgreSQL server.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.engines.protocol import DECISION_COLUMNS
from campaign_dsl.run.ledger import Ledger, Place, PostgresPlace, execute_run

AS_OF = datetime(2026, 6, 15, 4, tzinfo=UTC)
TABLES = ("decision", "effect", "point_transfer", "wallet_offer", "tag_change", "package", "message")
AT_ONCE = 50_000


def place(text: str) -> Place:
    """Where a ledger is."""
    socket, _, schema = text.rpartition("/")
    return PostgresPlace(socket, "ledgers", 5432, "postgres", schema=schema) if "sqlite" not in text else Path(text)


def candidates(count: int) -> pa.RecordBatchReader:
    """So many people whose birthday it is, made part by part."""
    schema = pa.schema(
        [
            (name, {"steps": pa.int64(), "occurred_at": pa.timestamp("us", "UTC")}.get(name, pa.string()))
            for name in DECISION_COLUMNS
        ]
    )

    def parts() -> Iterator[pa.RecordBatch]:
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, count))
            same = {
                "occurrence": "2026", "occurrence_day": "2026-06-22", "occurrence_time": "09:00",
                "occurred_at": None, "zone": "America/New_York", "segment": "others", "arm": None, "language": None,
                "lost": None, "steps": 15, "computed": None,
            }  # fmt: skip
            varied = {
                "customer_id": [f"M{number:08}" for number in numbers],
                "address": [f"m{number:08}@example.com" for number in numbers],
                "context": [f'{{"first_name":"Name {number % 977}"}}' for number in numbers],
            }
            columns = [varied.get(name) or [same[name]] * len(numbers) for name in DECISION_COLUMNS]
            yield pa.record_batch(
                [pa.array(each, field.type) for each, field in zip(columns, schema, strict=True)], schema=schema
            )

    return pa.RecordBatchReader.from_batches(schema, parts())


def plan() -> Plan:
    """Points, an offer, a tag and a message for everybody."""
    shared = {"where": "birthday_gift.campaign:30"}
    steps = [
        {"kind": "points", "outcome": "points/rewards/birthday", "amount": 500, "account": "rewards",
         "account_title": "Points", "source": "birthday", "expires_after_seconds": 2_592_000},
        {"kind": "offer", "outcome": "offer/half_price", "offer": "half_price", "title": "Half price"},
        {"kind": "tag", "outcome": "tag/birthday", "tag": "birthday", "ttl_seconds": 2_592_000},
        {"kind": "message", "outcome": "message/note", "message": "note", "channel": "email", "provider": "braze",
         "variant": "note", "identifier": "external_user_id", "address_attribute": "email",
         "settings": {"braze_campaign_id": "x"}, "include": ["offer", "point_award"],
         "properties": [{"name": "first_name", "source": "customer.first_name", "fallback": "friend"}],
         "expires_after_seconds": 259_200, "suppression_lists": ["global_suppression"]},
    ]  # fmt: skip
    trigger = {
        "kind": "anniversary", "where": "birthday_gift.campaign:29", "family": "anniversary", "says": "on birth_date",
        "attribute": "birth_date", "days_before": 7, "at": "09:00", "leap_day": "feb_28",
    }  # fmt: skip
    return Plan.model_validate(
        {
            "campaign": "birthday_gift", "title": "Birthday gift", "kind": "promotion",
            "zone": {"attribute": "time_zone", "default": "America/New_York"}, "triggers": [trigger], "misfire": {},
            "limits": [], "budgets": [], "offers_gate": 100_000_000, "segments": ["others"],
            "steps": [shared | {"number": number} | step for number, step in enumerate(steps)],
            "context": ["first_name"], "queries": {"duckdb": "select 1"}, "parameters": {}, "sources": [],
            "tz_version": "2026.1", "compiler_version": "0.1.0",
        }
    )  # fmt: skip


def run(store: str, count: int) -> None:
    """Decisions as Arrow into a new ledger: everything a run writes."""
    totals = dict.fromkeys(("customers", "readable", "audience"), count)
    with Ledger.open(place(store)) as ledger:
        result = execute_run(
            ledger, plan(), as_of=AS_OF, run_day=date(2026, 6, 15), totals=totals, candidates=lambda: candidates(count),
            max_items={"braze": 50},
        )  # fmt: skip
        assert result.funnel["decided"] == count


def stream(store: str, count: int) -> None:
    """The decisions alone, as Arrow by ADBC into one table without keys."""
    there = place(store)
    if isinstance(there, PostgresPlace):
        from adbc_driver_postgresql import dbapi

        address = f"host={there.host} port={there.port} dbname={there.database} user={there.user}"
    else:
        from adbc_driver_sqlite import dbapi

        address = str(there)
    with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        for part in candidates(count):
            cursor.adbc_ingest("streamed", part, mode="create_append")


def copy(store: str) -> None:
    """The rows of a finished ledger, with `INSERT ... SELECT` into tables without keys, checks or guards."""
    there = place(store)
    if isinstance(there, PostgresPlace):
        import psycopg

        with psycopg.connect(host=there.host, port=there.port, dbname=there.database, user=there.user) as server:
            server.execute("CREATE SCHEMA copied")
            for table in TABLES:
                server.execute(f"CREATE TABLE copied.{table} (LIKE {there.schema}.{table})")
                server.execute(f"INSERT INTO copied.{table} SELECT * FROM {there.schema}.{table}")
        return
    out = there.with_name("copy.sqlite")
    with closing(sqlite3.connect(out, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("ATTACH DATABASE ? AS done", (str(there),))
        connection.execute("BEGIN")
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM done.{table} WHERE false")
            connection.execute(f"INSERT INTO {table} SELECT * FROM done.{table}")
        connection.execute("COMMIT")


if __name__ == "__main__":
    {"run": run, "copy": copy, "stream": stream}[sys.argv[1]](sys.argv[2], *map(int, sys.argv[3:]))
