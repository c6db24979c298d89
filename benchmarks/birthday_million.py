"""`campaign run birthday_gift` on 1,000,000 customers: on an ordinary day, and on one on which everybody is due."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from floors import HERE
from measuring import Case, measure, write

CAMPAIGN = Path(sys.executable).with_name("campaign")
AS_OF = "2026-06-15"

NOTES = (
    "1,000,000 customers, 100,000 events, `campaign run birthday_gift --as-of 2026-06-15`, a new ledger each time.",
    "Everybody due: the same customers, all born on 22 June, all reachable, no holdout and a larger budget: 1,000,000 "
    "decisions, 4,000,000 effects, 1,000,000 each of transfers, offers, tags and messages.",
    "`scan + insert`: a process that hashes the same ten columns in DuckDB, then copies the same ledger rows with "
    "`INSERT ... SELECT` into SQLite tables without keys, constraints, triggers or foreign keys (WAL, "
    "`synchronous = FULL`, one transaction). The rows come ready-made from a finished ledger.",
    "`scan + keyed insert`: the same into the ledger's own schema: keys, constraints, triggers, foreign keys.",
)


def run(workspace: Path) -> list[str | Path]:
    return [CAMPAIGN, "run", "birthday_gift", "--as-of", AS_OF, "--workspace", workspace]


def forget(workspace: Path) -> None:
    """Remove the ledger, so that the next run begins anew."""
    for path in (workspace / "data").glob("ledger.sqlite*"):
        path.unlink()


def cases(name: str, workspace: Path, scratch: Path) -> list[Case]:
    """The run and its floor. A first run, not measured, gives the rows that the floor copies."""
    finished = scratch / f"{workspace.name}.sqlite"
    subprocess.run([str(part) for part in run(workspace)], check=True, stdout=subprocess.DEVNULL)
    shutil.move(workspace / "data" / "ledger.sqlite", finished)
    floor = [workspace, finished, scratch / "copy.sqlite"]
    plain, keyed = f"scan + insert, {name}", f"scan + keyed insert, {name}"
    program = [sys.executable, HERE / "million.py"]
    return [
        Case(plain, [*program, "plain", *floor]),
        Case(keyed, [*program, "keyed", *floor], plain),
        Case(f"campaign run, {name}", run(workspace), plain, partial(forget, workspace)),
    ]


def main(rounds: int = 5, rounds_due: int = 3) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        ordinary, due = scratch / "ordinary", scratch / "due"
        subprocess.run([sys.executable, HERE / "million.py", "prepare", ordinary, due], check=True)
        few = cases("ordinary day", ordinary, scratch)
        times = measure(few, rounds)
        write("birthday_million", "1,000,000 customers, an ordinary day", few, times, NOTES)
        all_due = cases("everybody due", due, scratch)
        times = measure(all_due, rounds_due, warm=False)
        write("birthday_million_due", "1,000,000 customers, everybody due", all_due, times, NOTES)


if __name__ == "__main__":
    main()
