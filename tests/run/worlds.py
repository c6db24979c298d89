"""Hand-made plans and candidates for the tests of ledger, dispatch and report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from stores import place

from campaign_dsl.compile.plan.model import Budget, Limit, Plan
from campaign_dsl.run.engines.protocol import DECISION_COLUMNS
from campaign_dsl.run.ledger import Ledger, Place, PostgresPlace, RunResult, execute_run

AS_OF = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
RUN_DAY = date(2026, 11, 21)

GOLD_POINTS = {
    "kind": "points", "number": 0, "outcome": "points/rewards/birthday", "where": "birthday_gift.campaign:36",
    "amount": 1000, "account": "rewards", "account_title": "Stride points", "source": "birthday",
    "expires_after_seconds": 30 * 86400, "when": "segment gold",
}  # fmt: skip
POINTS = GOLD_POINTS | {"number": 1, "where": "birthday_gift.campaign:37", "amount": 500, "when": "segment others"}
OFFER = {
    "kind": "offer", "number": 2, "outcome": "offer/birthday_half_price", "where": "birthday_gift.campaign:38",
    "offer": "birthday_half_price", "title": "50% off one pair", "description": "Half price on any one pair",
    "terms_and_conditions": "One pair, one use", "logo": "https://cdn.footwear.example/birthday.png",
    "pos_discount_id": "POS-BDAY-50", "expires_after_seconds": 14 * 86400,
}  # fmt: skip
TAG = {
    "kind": "tag", "number": 3, "outcome": "tag/birthday_gift", "where": "birthday_gift.campaign:39",
    "tag": "birthday_gift", "ttl_seconds": 30 * 86400,
}  # fmt: skip
UNTAG = {"kind": "untag", "number": 0, "outcome": "untag/vip", "where": "gift.campaign:7", "tag": "vip"}
SUBSCRIBE = {
    "kind": "subscription", "number": 0, "outcome": "subscription/newsletter", "where": "gift.campaign:8",
    "conversation": "newsletter", "subscribed": True,
}  # fmt: skip
REWARD = {
    "kind": "reward", "number": 0, "outcome": "reward/mug", "where": "gift.campaign:9", "reward": "mug",
    "title": "A mug", "expires_after_seconds": 86400,
}  # fmt: skip
CODE = {
    "kind": "code", "number": 0, "outcome": "code/SUMMER26", "where": "gift.campaign:10", "pool": "SUMMER26",
    "single_use": False,
}  # fmt: skip
TIER = {
    "kind": "attribute", "number": 0, "outcome": "attribute/tier", "where": "gift.campaign:11", "attribute": "tier",
    "type": "enum", "value": "gold",
}  # fmt: skip
RECORD = {
    "kind": "event", "number": 0, "outcome": "event/celebrated", "where": "gift.campaign:12", "event": "celebrated",
    "properties": [{"name": "place", "value": "Boston"}, {"name": "amount", "computed": True}],
}  # fmt: skip
MESSAGE = {
    "kind": "message", "number": 4, "outcome": "message/birthday_note", "where": "birthday_gift.campaign:40",
    "message": "birthday_note", "channel": "email", "provider": "braze", "variant": "birthday_triggered",
    "identifier": "external_user_id", "address_attribute": "email",
    "settings": {"braze_campaign_id": "a3f9c2d1-birthday"}, "include": ["offer", "point_award", "campaign"],
    "properties": [
        {"name": "first_name", "source": "customer.first_name", "fallback": "friend"},
        {"name": "favorite", "source": "customer.favorite_category", "fallback": "shoes"},
        {"name": "shoe_size", "source": "customer.shoe_size"},
        {"name": "points", "source": "outcome.points.amount"},
        {"name": "offer_title", "source": "offer.title"},
        {"name": "offer_ends", "source": "offer.expires_at"},
    ],
    "quiet": {"start": "21:00", "end": "08:00"}, "expires_after_seconds": 3 * 86400,
    "suppression_lists": ["global_suppression"],
}  # fmt: skip
BIRTHDAY = {
    "kind": "anniversary", "where": "birthday_gift.campaign:29", "family": "anniversary",
    "says": "on anniversary of birth_date, 7 days before, at 09:00",
    "attribute": "birth_date", "days_before": 7, "at": "09:00", "leap_day": "feb_28",
}  # fmt: skip
PURCHASE = {
    "kind": "event", "where": "thanks.campaign:9", "family": "event purchase", "event": "purchase",
    "says": "on purchase where amount >= 100",
}  # fmt: skip
STEPS = (GOLD_POINTS, POINTS, OFFER, TAG, MESSAGE)
GOLD = 0b11101
OTHERS = 0b11110


def plan(**changes: Any) -> Plan:
    """The birthday campaign's plan, with changes."""
    body: dict[str, Any] = {
        "campaign": "birthday_gift",
        "title": "Birthday gift",
        "kind": "promotion",
        "zone": {"attribute": "time_zone", "default": "America/New_York"},
        "triggers": [BIRTHDAY],
        "misfire": {},
        "limits": [Limit(count=1, unit="year").model_dump()],
        "budgets": [],
        "offers_gate": 1_000_000,
        "segments": ["gold", "others"],
        "steps": list(STEPS),
        "context": ["first_name", "favorite_category", "shoe_size"],
        "queries": {"duckdb": "select 1"},
        "parameters": {},
        "sources": [],
        "tz_version": "2026.1",
        "compiler_version": "0.1.0",
    }
    return Plan.model_validate(body | changes)


def budget(unit: str, amount: int, approved_by: str | None = None) -> dict[str, Any]:
    return Budget.model_validate({"unit": unit, "amount": amount, "approved_by": approved_by}).model_dump()


def candidate(customer_id: str, **changes: Any) -> dict[str, Any]:
    """One row of an audience query; `context` and `computed` may be given as mappings."""
    row: dict[str, Any] = {
        "customer_id": customer_id,
        "occurrence": "2026",
        "occurrence_day": "2026-11-21",
        "occurrence_time": "09:00",
        "occurred_at": None,
        "zone": "America/New_York",
        "segment": "others",
        "arm": None,
        "language": None,
        "lost": None,
        "steps": OTHERS,
        "address": f"{customer_id.lower()}@example.com",
        "context": {"first_name": f"Name {customer_id}"},
        "computed": None,
    } | changes
    for name in ("context", "computed"):
        if isinstance(row[name], dict):
            row[name] = json.dumps(row[name], sort_keys=True)
    return row


def bought(customer_id: str, number: int, occurred_at: datetime = AS_OF, **changes: Any) -> dict[str, Any]:
    """One row of the query of a campaign that purchases trigger."""
    event: dict[str, Any] = {
        "occurrence": f"purchase/{number}",
        "occurrence_day": occurred_at.date().isoformat(),
        "occurrence_time": None,
        "occurred_at": occurred_at,
    }
    return candidate(customer_id, **event | changes)


def crowd(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [candidate(f"C{n:06d}", **changes) for n in range(count)]


def people() -> list[dict[str, Any]]:
    """Seven candidates, four of whom get something."""
    return [
        *crowd(3),
        candidate("G", segment="gold", steps=GOLD),
        candidate("H", lost="not_held_out"),
        candidate("N", lost="consented"),
        candidate("E", lost="not_excluded"),
    ]


def open_ledger(path: Place, **options: Any) -> Ledger:
    """The ledger of a test, in the store that is tested."""
    return Ledger.open(place(path) if isinstance(path, Path) else path, **options)


def execute(ledger: Ledger, query: str, values: Sequence[Any] = ()) -> Any:
    """The driver's answer to a statement from outside; what the store refuses is a `ConstraintError`."""
    if isinstance(ledger.place, PostgresPlace):
        query = query.replace("%", "%%").replace("?", "%s")
    with ledger.explained():
        return ledger.connection.execute(query, values)


def sql(ledger: Ledger, query: str, *values: Any) -> list[Any]:
    """The rows of a query on a ledger."""
    return list(execute(ledger, query, values).fetchall())


def reader(rows: Iterable[dict[str, Any]]) -> Callable[[], pa.RecordBatchReader]:
    """What an engine would stream, in batches small enough that there are several."""
    rows = list(rows)
    kinds = {"steps": pa.int64(), "occurred_at": pa.timestamp("us", "UTC")}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in DECISION_COLUMNS])
    table = pa.table({name: [row[name] for row in rows] for name in DECISION_COLUMNS}, schema=schema)

    def read() -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(schema, table.to_batches(max_chunksize=500))

    return read


def totals(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {"customers": len(rows) + 12, "readable": len(rows) + 10, "audience": len(rows) + 5}


def clock() -> datetime:
    """A wall clock that stands still, so that ledgers can be compared byte for byte."""
    return AS_OF


def run(
    ledger: Ledger, rows: list[dict[str, Any]], the_plan: Plan | None = None, as_of: datetime = AS_OF, **more: Any
) -> RunResult:
    """Run the birthday campaign over ``rows``."""
    options: dict[str, Any] = {"candidates": reader(rows), "totals": totals(rows), "run_day": RUN_DAY}
    options |= {"actor": "tester", "clock": clock} | more
    return execute_run(ledger, the_plan or plan(), as_of=as_of, **options)


def in_staging(ledger: Ledger) -> list[str]:
    """What runs left on its way into the ledger."""
    if isinstance(ledger.place, PostgresPlace):
        tables = "SELECT relname FROM pg_class WHERE relnamespace = ?::regnamespace"
        return [name for (name,) in sql(ledger, tables, f"{ledger.place.schema}_staging")]
    return [file.name for file in ledger.place.parent.iterdir() if "staging" in file.name]


def dump(of: Place | Ledger) -> dict[str, list[Any]]:
    """Every row of every table of a ledger, in the order of its key."""
    if not isinstance(of, Ledger):
        with open_ledger(of, create=False) as ledger:
            return dump(ledger)
    if isinstance(of.place, PostgresPlace):
        tables = "SELECT relname FROM pg_class WHERE relnamespace = ?::regnamespace AND relkind = 'r' ORDER BY 1"
        found = sql(of, tables, of.place.schema)
    else:
        assert sql(of, "PRAGMA integrity_check") == [("ok",)]
        assert sql(of, "PRAGMA foreign_key_check") == []
        found = sql(of, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
    return {table: sql(of, f'SELECT * FROM "{table}" ORDER BY 1, 2') for (table,) in found}
