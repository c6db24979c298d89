"""The sample's workspace with its world in a lake of Parquet files, too, and a target on each engine."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml
from spark_warehouse import SETTINGS

from campaign_dsl.language.catalog.model import Target
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.run.engines.protocol import Engine
from campaign_dsl.run.sample import generate_world
from campaign_dsl.run.sample.layout import sample_dir
from campaign_dsl.run.targets import ask, occurrences, run_days
from campaign_dsl.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[2] / "doors"))

from commandline import Done, call

DAY = datetime(2026, 6, 15, 4, tzinfo=UTC)
EVENING = datetime(2026, 6, 15, 22, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """A workspace."""

    root: Path

    @property
    def lake(self) -> Path:
        return self.root / "data" / "lake"

    def target(self, name: str) -> Target:
        settings = Workspace.load(self.root).settings
        assert settings is not None
        return settings.targets[name]

    def set_target(self, name: str, engine: dict[str, Any]) -> None:
        """A target with an engine and a ledger of its own."""
        path = self.root / "workspace.yaml"
        settings = yaml.safe_load(path.read_text("utf-8"))
        ledger = {"kind": "sqlite", "path": f"data/{name}.sqlite"}
        settings["targets"][name] = {"engine": engine, "ledger": ledger, "delivery": "sandbox"}
        path.write_text(yaml.safe_dump(settings, sort_keys=False), "utf-8")

    def answer(self, engine: Engine, name: str) -> dict[str, Any]:
        """What a campaign's query gives: the totals, and the candidates in order."""
        workspace = Workspace.load(self.root)
        campaign, plan = workspace.typed(name), workspace.plan(name)
        assert campaign is not None
        assert plan is not None
        assert workspace.catalog is not None
        falls = occurrences(campaign, run_days(plan, DAY.date(), None))
        before = {each.audience: ["x"] for each in campaign.triggers if isinstance(each, ir.Crossing)}
        found = ask(engine, campaign, workspace.catalog, EVENING, falls, DAY, before)
        totals = dict(found.totals())
        rows = [
            {**row, **{each: json.loads(row[each] or "null") for each in ("context", "computed")}}
            for row in found.candidates().read_all().to_pylist()
        ]
        return {"totals": totals, "rows": sorted(rows, key=lambda row: (row["customer_id"], row["occurrence"]))}


def shop_in(root: Path) -> Shop:
    """The sample in a folder, with 3,000 customers."""
    shutil.copytree(sample_dir(), root, ignore=shutil.ignore_patterns("data"))
    shop = Shop(root)
    database = root / "data" / "warehouse.duckdb"
    generate_world(database, customers=3_000, events=20_000)
    with duckdb.connect(str(database), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            (shop.lake / table).mkdir(parents=True)
            connection.execute(f"COPY \"{table}\" TO '{shop.lake / table}/part-0.parquet' (FORMAT parquet)")
    shop.set_target("local", {"kind": "duckdb", "database": "data/warehouse.duckdb"})
    shop.set_target("spark", {"kind": "spark", "master": "local[2]", "lake": "data/lake", "settings": SETTINGS})
    return shop


def decisions(shop: Shop, target: str, commands: Sequence[str] = ("plan", "run", "run")) -> list[tuple[Any, ...]]:
    """What a run of the birthday campaign decides. Its plan says so before, and a second run decides nothing more."""
    ledger = shop.root / "data" / f"{target}.sqlite"
    if not ledger.exists():
        first, *others = (_called(shop, command, target) for command in commands)
        assert first.code == 0, first
        assert first.json["funnel"]["decided"] > 0
        for again, expected in zip(others, (first.json["funnel"]["decided"], 0), strict=False):
            assert (again.code, again.json["funnel"]["decided"]) == (0, expected), again
    with sqlite3.connect(ledger) as connection:
        rows = connection.execute(
            "SELECT customer_id, occurrence, occurrence_day, zone, segment, arm, language, lost, steps, address,"
            " computed, due_at, context FROM decision ORDER BY customer_id, occurrence, run_id"
        ).fetchall()
    assert rows
    return [(*row[:-1], json.loads(row[-1])) for row in rows]


def _called(shop: Shop, command: str, target: str) -> Done:
    return call(command, "birthday_gift", "--workspace", shop.root, "--target", target, "--as-of", DAY.date(), "--json")
