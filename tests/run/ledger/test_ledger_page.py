"""docs/ledger.md is true: its tables, constraints and states are those of the schema, and its queries run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds import candidate, crowd, execute, open_ledger, run

from campaign_dsl.run.ledger import Ledger

pytestmark = pytest.mark.store("sqlite")

PAGE = (Path(__file__).parents[3] / "docs" / "ledger.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        run(opened, [*crowd(3), candidate("C0000042")])
        yield opened


def test_every_table_is_described_and_exists(ledger: Ledger) -> None:
    tables = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    known = execute(ledger, "SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert sorted(tables) == sorted(name for (name,) in known)


def test_every_view_is_described(ledger: Ledger) -> None:
    for (name,) in execute(ledger, "SELECT name FROM sqlite_schema WHERE type = 'view'"):
        assert f"- `{name}`:" in PAGE


def test_every_named_index_and_trigger_exists(ledger: Ledger) -> None:
    known = {name for (name,) in execute(ledger, "SELECT name FROM sqlite_schema")}
    named = re.findall(r"(?:index|trigger) `(\w+)`", PAGE)
    assert len(named) >= 3
    assert set(named) <= known


def test_the_states_are_those_of_the_table(ledger: Ledger) -> None:
    (block,) = (body for kind, body in BLOCKS if kind == "states")
    shown = [tuple(re.split(r"\s+(?:->\s+)?", line)) for line in block.strip().splitlines()]
    assert sorted(shown) == sorted(execute(ledger, "SELECT entity, from_state, to_state FROM transition"))


@pytest.mark.parametrize("query", [body for kind, body in BLOCKS if kind == "sql"])
def test_the_queries_run_and_find_something(ledger: Ledger, query: str) -> None:
    assert execute(ledger, query).fetchall()
