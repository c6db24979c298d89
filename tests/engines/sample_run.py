"""The sample's campaigns, planned and run: one world, and the engine that is to decide as DuckDB does."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.run.sample import generate_world
from campaign_dsl.run.sample.layout import sample_dir
from campaign_dsl.run.targets import ask, occurrences, open_engine
from campaign_dsl.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[1] / "doors"))

from commandline import call

AS_OF = "2026-06-15"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DUCKDB = "      kind: duckdb\n      database: data/warehouse.duckdb\n"
"""What workspace.yaml says about the engine of both targets."""
RUNS = ("birthday_gift", "box_renewed", "double_points_weekend", "review_thanks", "sweepstake_entry")
"""Those that can run by what is there, and that have somebody to decide about."""


def sample(folder: Path) -> Path:
    """The sample workspace with a small world in DuckDB."""
    root = folder / "duckdb"
    shutil.copytree(sample_dir(), root, ignore=shutil.ignore_patterns("data"))
    generate_world(root / "data" / "warehouse.duckdb", customers=4_000, events=30_000)
    return root


def tables(root: Path) -> dict[str, pa.Table]:
    """Its tables, to be loaded into another engine."""
    with duckdb.connect(str(root / "data" / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: connection.sql(f'SELECT * FROM "{name}"').to_arrow_table() for name in names}


def elsewhere(root: Path, engine: Mapping[str, object], folder: Path | None = None) -> Path:
    """The same workspace, whose customers are in another engine; ``engine`` is what stands under `engine:`."""
    there = (folder or root.parent) / str(engine["kind"])
    shutil.copytree(root, there, ignore=shutil.ignore_patterns("data"))
    (there / "data").mkdir()
    settings = there / "workspace.yaml"
    said = "".join(f"      {key}: {json.dumps(value)}\n" for key, value in engine.items())
    assert DUCKDB in settings.read_text("utf-8")
    settings.write_text(settings.read_text("utf-8").replace(DUCKDB, said), "utf-8")
    return there


def campaigns(root: Path) -> list[str]:
    """All of the sample."""
    return sorted({path.name.partition(".")[0] for path in root.rglob("*.campaign*")} - {"audiences"})


def candidates(root: Path, names: Sequence[str]) -> dict[str, Any]:
    """What the query of each campaign finds: of a week's days, of a month's events, with half of an audience new."""
    workspace = Workspace.load(root)
    assert workspace.settings is not None
    assert workspace.catalog is not None
    target = workspace.settings.targets[workspace.settings.default_target]
    days = [NOW.date() - timedelta(days=back) for back in range(7)]
    found: dict[str, Any] = {}
    with open_engine(target, root) as engine:
        for name in names:
            campaign = workspace.typed(name)
            assert campaign is not None, workspace.problems.sorted()
            crossed = {each.audience for each in campaign.triggers if isinstance(each, ir.Crossing)}
            before = {audience: [f"M{number:07}" for number in range(0, 4_000, 2)] for audience in crossed}
            rows = occurrences(campaign, days)
            answer = ask(engine, campaign, workspace.catalog, NOW, rows, NOW - timedelta(days=30), before)
            totals = dict(answer.totals())
            made = answer.candidates().read_all().to_pylist()
            found[name] = (totals, sorted(tuple(map(_plain, row.values())) for row in made), len(made))
    return found


def decided(root: Path, names: Sequence[str]) -> dict[str, Any]:
    """Plans and runs campaigns; gives what was planned, and what the ledger then has, in an order that is its own."""
    found: dict[str, Any] = {}
    with _inside(root):
        for name in names:
            planned = call("plan", name, "--as-of", AS_OF)
            assert planned.code == 0, planned.out + planned.err
            found[f"plan {name}"] = [line for line in planned.out.splitlines() if "sha256" not in line]
            done = call("run", name, "--as-of", AS_OF, "--json")
            assert done.code == 0, done.out + done.err
            found[f"run {name}"] = {key: done.json[key] for key in ("funnel", "outcomes", "messages", "set_aside")}
    with sqlite3.connect(root / "data" / "ledger.sqlite") as ledger:
        for what, query in _LEDGER.items():
            found[what] = [tuple(map(_plain, row)) for row in ledger.execute(query)]
    ledger.close()
    return found


_LEDGER = {
    "decisions": "SELECT name, customer_id, occurrence, occurrence_day, zone, segment, arm, language, lost, steps, "
    "address, context, computed, due_at FROM decision JOIN campaign USING (campaign_id) ORDER BY 1, 2, 3",
    "effects": "SELECT campaign.name, outcome.name, customer_id, occurrence, at, credit_account, amount, value "
    "FROM effect JOIN campaign USING (campaign_id) JOIN outcome USING (outcome_id) "
    "LEFT JOIN (SELECT effect_id, credit_account, amount FROM point_transfer) USING (effect_id) "
    "LEFT JOIN (SELECT effect_id, value FROM change_request) USING (effect_id) ORDER BY 1, 2, 3, 4",
    "messages": "SELECT message_id, identifier, address, document, dropped FROM message ORDER BY 1",
}


def _plain(value: Any) -> Any:
    """JSON as what it says: engines write `1.50` and `1.5`. In an order of its own, and as text, so that it sorts."""
    if isinstance(value, str) and value[:1] in "[{":
        said = json.loads(value, parse_float=_number, parse_int=_number)
        return json.dumps(said, sort_keys=True)
    return "" if value is None else str(value)


def _number(digits: str) -> str:
    return f"{Decimal(digits).normalize():f}"


@contextmanager
def _inside(root: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(before)


def same_customers(shops: tuple[Path, Path]) -> None:
    """Every campaign of the sample finds the same ones on both engines."""
    here, there = (candidates(root, campaigns(root)) for root in shops)
    assert [name for name in here if here[name] != there[name]] == []
    assert sum(count for _, _, count in here.values()) > 2_000


def same_decisions(shops: tuple[Path, Path]) -> None:
    """Plans and runs leave the same in the ledger."""
    here, there = (decided(root, RUNS) for root in shops)
    assert {what for what in here if here[what] != there[what]} == set()
    assert len(here["decisions"]) > 50
    assert len(here["effects"]) > 50
