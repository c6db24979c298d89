"""The planner's figures, measured: how many nanoseconds of a processor each kind of work takes on DuckDB.

Audiences of the palette are found in worlds of several sizes, one by one, on walks and by queries. Each time the plan
says how much work of each kind there was, and the process what time it took. The figures printed are those that explain
the times best: least squares of relative errors, none negative. Kinds of work that always come together cannot be told
apart, so each figure is drawn a little towards the one that is written in `compile/together/costs.py`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from campaign_dsl.compile.together.costs import FIGURES, Term
from engines.together import ask
from engines.world import made

WORLDS = ((50_000, 2_000_000), (250_000, 1_000_000), (500_000, 5_000_000))
ASKED: dict[str, tuple[int | str, ...]] = {
    "alone": (1, 4, 12, 30, "plain"),
    "queries": (4, 30, "plain"),
    "walks": (1, 4, 12, 30, 120, 500, "plain"),
}
PULL = 0.1
"""How much a figure is drawn towards the present one, beside one measurement."""


def fitted(work: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Nanoseconds of each kind of work."""
    before = np.array([FIGURES[term] for term in Term])
    rows = np.concatenate([work * before / (seconds * 1e9)[:, None], np.eye(len(before)) * PULL])
    wanted = np.concatenate([np.ones(len(seconds)), np.full(len(before), PULL)])
    free = np.ones(len(before), bool)
    while True:
        factors = np.zeros(len(before))
        factors[free] = np.linalg.lstsq(rows[:, free], wanted, rcond=None)[0]
        if (factors >= 0).all():
            return factors * before
        free[np.argmin(factors)] = False


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the databases are kept; default: a temporary one")
    chosen = parser.parse_args(arguments)
    work, seconds = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for customers, events in WORLDS:
            folder = chosen.folder or Path(scratch)
            world = made(folder / f"world-{customers}-{events}.duckdb", customers, events)
            for way, counts in ASKED.items():
                for count in counts:
                    took = [ask(str(world), "duckdb", way, count) for _ in range(chosen.rounds)]
                    work.append([took[0]["work"].get(term.name, 0) for term in Term])
                    seconds.append(statistics.median(each["processor"] for each in took))
                    print(f"{world.stem} {way} {count}: {seconds[-1]:.3f} s", file=sys.stderr)
    amounts, times = np.array(work, float), np.array(seconds)
    figures = fitted(amounts, times)
    for term, figure in zip(Term, figures, strict=True):
        print(f"    Term.{term.name}: {figure:_.3g},  # was {FIGURES[term]:g}")
    errors = np.abs(amounts @ figures / 1e9 / times - 1)
    print(f"off by {np.median(errors):.0%} in the median, by {errors.max():.0%} at most, of {len(times)} measurements")


if __name__ == "__main__":
    main(sys.argv[1:])
