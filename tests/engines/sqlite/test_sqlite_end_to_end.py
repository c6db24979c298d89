"""The sample's campaigns on SQLite: what is found, planned and decided is what it is on DuckDB."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from sample_run import call, elsewhere, same_customers, same_decisions, sample, tables
from sqlite_warehouse import fill


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same workspace on DuckDB and on SQLite."""
    root = sample(tmp_path_factory.mktemp("shops"))
    there = elsewhere(root, {"kind": "sqlite", "database": "data/warehouse.sqlite"})
    fill(there / "data" / "warehouse.sqlite", tables(root))
    return root, there


def test_every_campaign_of_the_sample_finds_the_same_customers(shops: tuple[Path, Path]) -> None:
    same_customers(shops)


def test_plans_and_runs_decide_the_same(shops: tuple[Path, Path]) -> None:
    same_decisions(shops)


@pytest.mark.parametrize(
    ("statement", "code", "said"),
    [
        ("UPDATE customers SET birth_date = 'unknown' WHERE rowid = 7", "DAT003", "`customers.birth_date` (row 7)"),
        ("UPDATE customers SET email_consent = 'yes' WHERE rowid = 9", "DAT003", "`customers.email_consent` (row 9)"),
        ("ALTER TABLE customers RENAME COLUMN email TO e_mail", "DAT002", "no such column: c.email"),
        ("DROP TABLE suppressions", "DAT002", "no such table: suppressions"),
    ],
)
def test_data_that_contradicts_the_catalog(
    shops: tuple[Path, Path], tmp_path: Path, statement: str, code: str, said: str
) -> None:
    root = tmp_path / "shop"
    shutil.copytree(shops[1], root)
    for ledger in root.glob("data/ledger*"):
        ledger.unlink()
    with sqlite3.connect(root / "data" / "warehouse.sqlite") as connection:
        connection.execute(statement)
    connection.close()
    done = call("run", "birthday_gift", "--as-of", "2026-06-15", "--workspace", root)
    assert done.code == 3
    assert f"[{code}]" in done.err + done.out
    assert said in done.err + done.out
    assert "Traceback" not in done.err + done.out
    assert "unknown" not in done.err + done.out
    with sqlite3.connect(root / "data" / "ledger.sqlite") as ledger:
        assert ledger.execute("SELECT COUNT(*) FROM effect").fetchone() == (0,)
    ledger.close()
