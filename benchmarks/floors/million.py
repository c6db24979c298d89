"""The worlds of `birthday_million`, and its floors: `prepare WORKSPACE DUE`, `plain` or `keyed WORKSPACE LEDGER OUT`.

Each runs in a process of its own, so that the one that measures stays small.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import duckdb

CUSTOMERS = 1_000_000
COLUMNS = (
    "customer_id, first_name, email, birth_date, status, tier, time_zone, email_consent, is_employee, favorite_category"
)
"""What the birthday campaign asks of a customer."""
TABLES = ("decision", "effect", "point_transfer", "wallet_offer", "tag_change", "package", "message")
WAREHOUSE = Path("data", "warehouse.duckdb")


def prepare(workspace: Path, due: Path) -> None:
    """A workspace on an ordinary day, and one in which everybody is due."""
    from campaign_dsl.run.sample import generate_world

    campaigns = Path(__file__).parents[2] / "campaigns"
    for folder in (workspace, due):
        (folder / "data").mkdir(parents=True)
        for name in ("workspace.yaml", "catalog.yaml", "audiences.campaign", "vip.csv", "birthday_gift.campaign"):
            shutil.copy(campaigns / name, folder / name)
    generate_world(workspace / WAREHOUSE, customers=CUSTOMERS, events=100_000)
    shutil.copy(workspace / WAREHOUSE, due / WAREHOUSE)
    with duckdb.connect(str(due / WAREHOUSE)) as world:
        world.execute(
            "UPDATE customers SET birth_date = DATE '1980-06-22', status = 'good', email_consent = true, "
            "is_employee = false, time_zone = 'America/New_York', email = lower(customer_id) || '@example.com'"
        )
        world.execute("DELETE FROM suppressions")
    campaign = due / "birthday_gift.campaign"
    text = campaign.read_text(encoding="utf-8")
    text = re.sub(r"\n *holdout .*", "", text).replace("budget 2_000_000 points", "budget 2_000_000_000 points")
    campaign.write_text(text, encoding="utf-8")


def plain(workspace: Path, ledger: Path, out: Path) -> None:
    """Scan the customers, and copy every row that a run wrote into plain tables: no keys, no checks, no triggers."""
    scan(workspace)
    with closing(fresh(out, ledger)) as copy:
        copy.execute("BEGIN")
        for table in TABLES:
            copy.execute(f"CREATE TABLE {table} AS SELECT * FROM done.{table} WHERE false")
            copy.execute(f"INSERT INTO {table} SELECT * FROM done.{table}")
        copy.execute("COMMIT")


def keyed(workspace: Path, ledger: Path, out: Path) -> None:
    """The same into the ledger's own schema: what its keys, constraints and triggers cost by themselves."""
    from campaign_dsl.run.ledger.stores.sqlite import create_schema

    scan(workspace)
    with closing(fresh(out, ledger)) as copy:
        create_schema(copy)
        copy.execute("PRAGMA foreign_keys = ON")
        copy.execute("BEGIN")
        for table in ("campaign", "plan", "outcome", "step", "run", *TABLES):
            copy.execute(f"INSERT INTO {table} SELECT * FROM done.{table}")
        copy.execute("COMMIT")


def scan(workspace: Path) -> None:
    with duckdb.connect(str(workspace / WAREHOUSE), read_only=True) as world:
        world.execute(f"SELECT count(*), bit_xor(hash({COLUMNS})) FROM customers").fetchall()


def fresh(out: Path, ledger: Path) -> sqlite3.Connection:
    """A new database with the settings of a ledger, and the finished one beside it."""
    for path in out.parent.glob(f"{out.name}*"):
        path.unlink()
    connection = sqlite3.connect(out, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("ATTACH DATABASE ? AS done", (str(ledger),))
    return connection


if __name__ == "__main__":
    {"prepare": prepare, "plain": plain, "keyed": keyed}[sys.argv[1]](*map(Path, sys.argv[2:]))
