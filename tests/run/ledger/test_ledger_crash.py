"""Killed anywhere and run again, a run ends exactly where the undisturbed run ends."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from children import Children
from worlds import (
    AS_OF,
    GOLD,
    STEPS,
    budget,
    candidate,
    crowd,
    dump,
    execute,
    in_staging,
    open_ledger,
    plan,
    run,
    totals,
)

from campaign_dsl.run.ledger.give import finish
from campaign_dsl.run.ledger.result import silent
from campaign_dsl.run.ledger.unfinished import Unfinished

BUDGETS = [budget("points", 90_000), budget("offers", 110)]


def people() -> list[dict[str, Any]]:
    """Enough for several packages and zones, some held out, some beyond the budget."""
    rows = crowd(100)
    rows += [candidate(f"G{n}", steps=GOLD, segment="gold", zone="Europe/Paris") for n in range(20)]
    return [*rows, candidate("H", lost="not_held_out"), candidate("E", lost="not_excluded", address=None)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, children: Children) -> tuple[dict[str, Any], int]:
    """The ledger of a run nobody disturbed, and how many statements it took."""
    path = tmp_path_factory.mktemp("undisturbed") / "ledger.sqlite"
    code, answer = children.run(path=str(path), rows=people(), plan={"budgets": BUDGETS})
    assert (code, answer["decided"]) == (0, 110)
    return dump(path), answer["statements"]


def resumed(path: Path) -> dict[str, Any]:
    with open_ledger(path) as ledger:
        run(ledger, people(), plan(budgets=BUDGETS))
        assert in_staging(ledger) == []
    return dump(path)


@pytest.mark.seed("S3-19")
def test_killed_at_any_statement(tmp_path: Path, children: Children, undisturbed: tuple[dict[str, Any], int]) -> None:
    expected, statements = undisturbed
    dice = random.Random(20261121)
    # Everything after the schema is there is interesting; of its creation a few points are.
    points = [*sorted(dice.sample(range(1, statements + 1), 30)), statements]
    for number in points:
        path = tmp_path / f"at{number}" / "ledger.sqlite"
        code, _ = children.run(path=str(path), rows=people(), plan={"budgets": BUDGETS}, kill_at=number)
        assert code == -signal.SIGKILL
        assert resumed(path) == expected, f"killed at statement {number}"


def test_killed_at_random_moments(tmp_path: Path, children: Children, undisturbed: tuple[dict[str, Any], int]) -> None:
    expected, _ = undisturbed
    dice = random.Random(11)
    for attempt in range(12):
        path = tmp_path / f"try{attempt}" / "ledger.sqlite"
        pid = children.start(path=str(path), rows=people(), plan={"budgets": BUDGETS})
        time.sleep(dice.uniform(0.0, 0.12))
        os.kill(pid, signal.SIGKILL)
        children.wait(pid)
        assert resumed(path) == expected, f"killed in attempt {attempt}"


def test_killed_again_while_resuming(
    tmp_path: Path, children: Children, undisturbed: tuple[dict[str, Any], int]
) -> None:
    expected, statements = undisturbed
    path = tmp_path / "ledger.sqlite"
    for number in (statements - 3, statements // 4, statements // 3, 15):
        children.run(path=str(path), rows=people(), plan={"budgets": BUDGETS}, kill_at=number)
    assert resumed(path) == expected


def killed_when_frozen(path: Path, children: Children, rows: list[dict[str, Any]], statements: int) -> None:
    """A ledger with decisions that are frozen and not carried out."""
    for number in range(statements, 0, -3):
        children.run(path=str(path), rows=rows, plan={"budgets": BUDGETS}, kill_at=number)
        with open_ledger(path) as ledger:
            if execute(ledger, "SELECT state FROM run").fetchall() == [("decided",)]:
                return
    pytest.fail("no kill left a frozen run")


def test_resuming_never_asks_the_audience_again(
    tmp_path: Path, children: Children, undisturbed: tuple[dict[str, Any], int]
) -> None:
    expected, statements = undisturbed
    path = tmp_path / "ledger.sqlite"
    killed_when_frozen(path, children, people(), statements)
    others = [candidate("SOMEONE-ELSE", steps=GOLD)]
    with open_ledger(path) as ledger:
        result = run(ledger, others, plan(budgets=BUDGETS))
    assert (result.resumed, result.already_done) == (True, False)
    assert result.funnel["decided"] == 110
    assert result.funnel["customers"] == totals(people())["customers"]
    assert dump(path) == expected


def test_an_interrupted_run_is_finished_before_another_one_decides(
    tmp_path: Path, children: Children, undisturbed: tuple[dict[str, Any], int]
) -> None:
    expected, statements = undisturbed
    path = tmp_path / "ledger.sqlite"
    killed_when_frozen(path, children, people(), statements)
    richer = plan(budgets=BUDGETS, steps=[step | {"amount": 7} if step["kind"] == "points" else step for step in STEPS])
    with open_ledger(path) as ledger:
        result = run(ledger, [candidate("NEW"), *people()], richer, AS_OF + timedelta(hours=1))
        assert [(first.as_of, first.resumed) for first in result.finished_first] == [(AS_OF, True)]
        assert result.funnel["decided"] == 0  # the offers are used up
        given = execute(ledger, "SELECT DISTINCT amount FROM point_transfer").fetchall()
    assert {amount for (amount,) in given} == {500, 1000}
    assert dump(path)["effect"] == expected["effect"]


def test_what_another_process_finished_is_not_finished_again(
    tmp_path: Path, children: Children, undisturbed: tuple[dict[str, Any], int]
) -> None:
    expected, statements = undisturbed
    path = tmp_path / "ledger.sqlite"
    killed_when_frozen(path, children, people(), statements)
    with open_ledger(path) as ledger:
        todo = Unfinished.find(ledger, campaign=1)
        assert todo is not None
        assert children.run(path=str(path), rows=people(), plan={"budgets": BUDGETS})[1]["resumed"]
        assert finish(ledger, todo, {}, 0, AS_OF, silent) is None
    assert dump(path) == expected


@pytest.mark.store("sqlite")
def test_files_of_killed_runs_are_removed_and_of_living_ones_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    dead, unborn, living, other = (
        tmp_path / name
        for name in (".ledger.sqlite.staging-a", ".ledger.sqlite.staging-b", ".ledger.sqlite.staging-c", ".x.staging-d")
    )
    for folder in (dead, unborn, living, other):
        folder.mkdir()
    (dead / "lock").touch()
    (dead / "rows.sqlite").write_bytes(b"x" * 1000)
    with (living / "lock").open("w") as lock, open_ledger(path) as ledger:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run(ledger, [])
        assert {folder.name for folder in tmp_path.iterdir() if folder.is_dir()} == {living.name, other.name}
        dead.mkdir()
        assert run(ledger, []).already_done
        assert not dead.exists()
