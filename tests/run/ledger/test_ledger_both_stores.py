"""The sample's campaigns on both stores: planned, run, sent, reported and exported, with the same ledger at the end."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from stores import postgres
from worlds import dump

from campaign_dsl.run.ledger import PostgresPlace
from campaign_dsl.run.sample import generate_world
from campaign_dsl.run.sample.layout import sample_dir

sys.path.insert(0, str(Path(__file__).parents[2] / "doors"))

from commandline import call

AS_OF = "2026-06-15"
RUNS = ("birthday_gift", "box_renewed", "double_points_weekend", "review_thanks", "sweepstake_entry")
OF_A_CLOCK = {"run": (7, 8), "package": (10, 11, 14), "message": (7,)}
"""Columns that hold the time of day, or what the provider calls a request."""


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same workspace twice, with targets that differ by one entry: the ledger."""
    folder = tmp_path_factory.mktemp("shops")
    here, there = folder / "sqlite", folder / "postgres"
    shutil.copytree(sample_dir(), here, ignore=shutil.ignore_patterns("data"))
    generate_world(here / "data" / "warehouse.duckdb", customers=4_000, events=30_000)
    settings = here / "workspace.yaml"
    said = settings.read_text("utf-8")
    (local,) = re.findall(r"^  local:.*\n(?:    .*\n)+", said, re.MULTILINE)
    place = postgres("of_the_sample")
    entry = f"ledger:\n      kind: postgres\n      host: {place.host}\n      database: {place.database}\n"
    entry += f"      user: {place.user}\n      schema: {place.schema}\n"
    shared, moved = re.subn(r"ledger:\n(      .*\n)+", entry, local.replace("local:", "shared:"))
    assert moved == 1
    settings.write_text(said.replace(local, local + shared), "utf-8")
    shutil.copytree(here, there)
    return here, there


def shown(root: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What every command that touches the ledger says, in turn."""
    monkeypatch.chdir(root)
    said: list[Any] = []

    def do(*arguments: str, codes: tuple[int, ...] = (0,)) -> None:
        done = call(*arguments, "--target", target)
        assert done.code in codes, done.out + done.err
        said.append((arguments, _timeless(re.sub(rf'target(": ")? ?{target}', "target", done.out))))

    do("report", "--json", codes=(3,))
    for day in (AS_OF, "2026-06-16"):
        for name in RUNS:
            do("plan", name, "--as-of", day)
            do("run", name, "--as-of", day, "--json")
    do("plan", "birthday_gift", "--as-of", day)
    do("run", "birthday_gift", "--as-of", day, "--json")
    do("dispatch", "--as-of", f"{day}T20:30Z", "--json", codes=(0, 3))
    do("report", "--json")
    do("report", "birthday_gift")
    do("export", "--after", "3")
    return said


def _timeless(said: str) -> list[str]:
    """Without the lines that tell the time of day."""
    return [line for line in said.splitlines() if "started_at" not in line and "finished_at" not in line]


def test_the_sample_on_both_stores(shops: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = (shown(root, target, monkeypatch) for root, target in zip(shops, ("local", "shared"), strict=True))
    assert len(here) > 20
    for mine, theirs in zip(here, there, strict=True):
        assert mine == theirs
    both = [ledger(shops[0] / "data" / "ledger.sqlite"), ledger(postgres("of_the_sample"))]
    assert len(both[0]) == 19
    assert {name: len(rows) for name, rows in both[0].items()} == {name: len(rows) for name, rows in both[1].items()}
    assert {name for name, rows in both[0].items() if rows != both[1][name]} == set()
    assert min(len(both[0][name]) for name in ("decision", "effect", "message", "package", "point_transfer")) > 10


def ledger(place: Path | PostgresPlace) -> dict[str, list[Any]]:
    """Every row of every table, without what depends on a clock."""
    from worlds import Ledger

    with Ledger.open(place, create=False) as opened:
        found = dump(opened)
    return {
        name: sorted(
            ([value for at, value in enumerate(row) if at not in OF_A_CLOCK.get(name, ())] for row in rows),
            key=json.dumps,
        )
        for name, rows in found.items()
    }
