"""How the time of audiences grows with customers, with events and with their number; drawn for the documentation."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import RESULTS, about_the_machine

from engines.audiences import ask
from engines.kinds import KINDS
from engines.words import sql
from engines.world import made

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "growth.svg"
SIZES = {
    "customers": [(count, count * 10) for count in (250_000, 500_000, 1_000_000, 2_000_000, 5_000_000)],
    "events": [(1_000_000, count) for count in (2_500_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000)],
}
TITLES = {"customers": "customers (10 events each)", "events": "events (1,000,000 customers)"}


def asked(database: Path, rounds: int) -> dict[str, float]:
    """The median seconds of each kind of audience."""
    return {
        kind.name: statistics.median(ask(database, sql(kind.says))["seconds"] for _ in range(rounds)) for kind in KINDS
    }


def drawn(series: dict[str, list[dict[str, Any]]], many: list[dict[str, Any]], path: Path) -> None:
    """Plots side by side, all axes logarithmic: a straight line at 45 degrees is growth in proportion.

    Args:
        many: lines of the report of `engines.together`.
    """
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "growth", "font.size": 9, "svg.fonttype": "none"}
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, len(series) + 1, figsize=(12, 3.6), layout="constrained")
    for axis, (what, points) in zip(axes, series.items(), strict=False):
        counts = [point[what] for point in points]
        for kind in KINDS:
            axis.plot(counts, [point["seconds"][kind.name] for point in points], marker="o", label=kind.name)
        first = statistics.median(points[0]["seconds"].values())
        axis.plot(
            counts, [first * count / counts[0] for count in counts], color="0.7", linestyle="--", label="in proportion"
        )
        _logarithmic(axis, counts, [f"{count / 1_000_000:g} M" for count in counts], TITLES[what])
    axes[1].sharey(axes[0])
    axes[0].set_ylabel("seconds")
    axes[0].legend(fontsize=7)
    counts = [line["audiences"] for line in many]
    for way, label in (("alone", "one by one"), ("together", "together")):
        axes[-1].plot(counts, [line[f"{way}_seconds"] for line in many], marker="o", label=label)
    _logarithmic(axes[-1], counts, [f"{count:,}" for count in counts], "audiences (500,000 customers)")
    axes[-1].legend(fontsize=7)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


def _logarithmic(axis: Any, places: list[int], labels: list[str], title: str) -> None:
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xticks(places, labels)
    axis.minorticks_off()
    axis.yaxis.set_major_formatter("{x:g}")
    axis.set_xlabel(title)
    axis.grid(visible=True, alpha=0.3)


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the databases are kept; default: a temporary one")
    parser.add_argument("--draw", action="store_true", help="only draw what was measured before")
    chosen = parser.parse_args(arguments)
    if not chosen.draw:
        measure(chosen.rounds, chosen.folder)
    series, many = (json.loads((RESULTS / f"{name}.json").read_text("utf-8")) for name in ("growth", "together"))
    drawn(series["series"], many["lines"], PICTURE)


def measure(rounds: int, kept: Path | None) -> None:
    """Asks worlds of all sizes, and writes the report."""
    series: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = kept or Path(scratch)
        for what, sizes in SIZES.items():
            series[what] = []
            for customers, events in sizes:
                database = made(folder / f"world-{customers}-{events}.duckdb", customers, events)
                seconds = asked(database, rounds)
                series[what].append({"customers": customers, "events": events, "seconds": seconds})
                print(f"{customers:,} customers, {events:,} events: {seconds}")
                if kept is None:
                    database.unlink()
    report = {"rounds": rounds, "series": series, "machine": about_the_machine()}
    (RESULTS / "growth.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (RESULTS / "growth.md").write_text("\n".join(table(series)) + "\n", encoding="utf-8")


def table(series: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The figures as Markdown."""
    names = [kind.name for kind in KINDS]
    lines = ["# Growth of audiences on DuckDB", "", "Median seconds of each query, in a new process, asked twice.", ""]
    lines += ["| customers | events | " + " | ".join(names) + " |", "|---:|---:|" + "---:|" * len(names)]
    for point in (point for points in series.values() for point in points):
        seconds = " | ".join(f"{point['seconds'][name]:.3f}" for name in names)
        lines.append(f"| {point['customers']:,} | {point['events']:,} | {seconds} |")
    return lines


if __name__ == "__main__":
    main(sys.argv[1:])
