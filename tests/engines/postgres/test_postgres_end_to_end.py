"""The sample's campaigns on PostgreSQL: what is found, planned and decided is what it is on DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from postgres_server import server
from postgres_warehouse import create
from sample_run import call, elsewhere, same_customers, same_decisions, sample, tables

DATABASE = "end_to_end"


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same workspace on DuckDB and on PostgreSQL."""
    root = sample(tmp_path_factory.mktemp("shops"))
    server().database(DATABASE)
    with server().connect(DATABASE) as connection:
        for name, rows in tables(root).items():
            create(connection, name, rows)
        connection.execute("ANALYZE")
    return root, elsewhere(root, server().engine(DATABASE))


def test_every_campaign_of_the_sample_finds_the_same_customers(shops: tuple[Path, Path]) -> None:
    same_customers(shops)


def test_plans_and_runs_decide_the_same(shops: tuple[Path, Path]) -> None:
    same_decisions(shops)


def test_check_finds_the_tables_as_the_catalog_says(shops: tuple[Path, Path]) -> None:
    done = call("check", "--target", "local", "--workspace", shops[1])
    assert done.code == 0, done.out + done.err


def test_a_catalog_drafted_from_the_tables_is_that_of_duckdb(shops: tuple[Path, Path]) -> None:
    """JSON does not say what is in it, and these tables do not say what is never missing."""
    here, there = (call("catalog", "pull", "--workspace", root) for root in shops)
    assert (here.code, there.code) == (0, 0), there.out + there.err
    drafts = [_without_nullable(yaml.safe_load(done.out)) for done in (here, there)]
    assert drafts[0] | {"customers": None} == drafts[1] | {"customers": None}
    attributes = [draft["customers"].pop("attributes") for draft in drafts]
    assert drafts[0]["customers"] == drafts[1]["customers"]
    assert set(attributes[0]) - set(attributes[1]) == {"address", "children"}
    assert attributes[1].items() <= attributes[0].items()
    assert "left out: children: `jsonb` is nothing that the language knows" in there.out


def _without_nullable(draft: Any) -> Any:
    if not isinstance(draft, dict):
        return draft
    return {name: _without_nullable(each) for name, each in draft.items() if name != "nullable"}


@pytest.mark.parametrize(
    ("statement", "back", "code", "said"),
    [
        (
            "ALTER TABLE customers RENAME COLUMN email TO e_mail",
            "ALTER TABLE customers RENAME COLUMN e_mail TO email",
            "DAT002",
            "column c.email does not exist",
        ),
        (
            "ALTER TABLE suppressions RENAME TO others",
            "ALTER TABLE others RENAME TO suppressions",
            "DAT002",
            'relation "suppressions" does not exist',
        ),
        (
            "ALTER TABLE customers ALTER COLUMN birth_date TYPE text USING birth_date::text",
            "ALTER TABLE customers ALTER COLUMN birth_date TYPE date USING birth_date::date",
            "DAT002",
            "does not exist",
        ),
        (
            "REVOKE SELECT ON customers FROM buyer",
            "GRANT SELECT ON customers TO buyer",
            "ENV004",
            "permission denied",
        ),
    ],
)
def test_data_that_contradicts_the_catalog(
    shops: tuple[Path, Path], tmp_path: Path, statement: str, back: str, code: str, said: str
) -> None:
    place = {"host": str(server().host), "port": server().port, "database": DATABASE, "user": "buyer"}
    moved = tmp_path / "shop"
    moved.mkdir()
    root = elsewhere(shops[0], {"kind": "postgres", **place}, moved)
    with server().connect(DATABASE) as connection:
        connection.execute("DO $$ BEGIN CREATE ROLE buyer LOGIN; EXCEPTION WHEN duplicate_object THEN END $$")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO buyer")
        connection.execute(statement)
        try:
            done = call("run", "birthday_gift", "--as-of", "2026-06-15", "--workspace", root)
        finally:
            connection.execute(back)
    assert done.code == 3
    assert f"[{code}]" in done.err + done.out
    assert said in done.err + done.out
    assert "Traceback" not in done.err + done.out
