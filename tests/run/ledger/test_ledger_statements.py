"""The named statements: each is one statement, has a sentence, is used, and is accepted by SQLite."""

from __future__ import annotations

import re
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

import campaign_dsl
from campaign_dsl.run.ledger import Ledger
from campaign_dsl.run.ledger.statements import split, statements
from campaign_dsl.run.ledger.store import SCRIPTS, create_schema

ALL = statements("campaign_dsl.run.ledger.sql")
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(campaign_dsl.__file__).parent.glob("run/**/*.py"))


@pytest.mark.parametrize("name", ALL)
def test_it_says_what_it_is_for_and_is_used(name: str) -> None:
    statement = ALL[name]
    assert statement.sentence.endswith((".", "?"))
    assert ";" not in statement.sql
    stem = re.sub(r"^(make|clear|copy)_", "", name)
    assert f'"{name}"' in SOURCE or f'"{stem}"' in SOURCE, "nobody runs it"


def test_the_schema_is_created_whole(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        kinds = ledger.connection.execute("SELECT type, count(*) FROM sqlite_schema GROUP BY type").fetchall()
        strict = ledger.connection.execute(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"
        ).fetchall()
    script = "".join(files("campaign_dsl.run.ledger").joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
    assert dict(kinds)["table"] == script.count("CREATE TABLE")
    assert dict(kinds)["view"] == script.count("CREATE VIEW")
    assert dict(kinds)["trigger"] == script.count("CREATE TRIGGER")
    assert {name for (name,) in strict} <= {"sqlite_schema", "sqlite_temp_schema"}


def test_the_schema_is_created_inside_a_transaction() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    create_schema(connection)
    assert connection.in_transaction
    connection.execute("ROLLBACK")
    assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    connection.close()


def test_a_trigger_is_one_statement() -> None:
    script = "CREATE TABLE t (a);\n-- a; comment\nCREATE TRIGGER x AFTER INSERT ON t\nBEGIN\n  SELECT 1;\nEND;\n"
    assert len(list(split(script))) == 2
    with pytest.raises(ValueError, match="inside a statement"):
        list(split("SELECT 1"))


@pytest.mark.parametrize(
    "text",
    [
        "-- name: a\nSELECT 1\n",
        "-- name: a\n-- Two.\nSELECT 1;\nSELECT 2\n",
        "-- name: a\n-- Nothing.\n",
        "-- name: a\n-- One.\nSELECT 1\n\n-- name: a\n-- Again.\nSELECT 2\n",
    ],
)
def test_a_badly_written_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    folder = tmp_path / "some_statements"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "a.sql").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    statements.cache_clear()
    with pytest.raises(ValueError, match="`a`"):
        statements("some_statements")
