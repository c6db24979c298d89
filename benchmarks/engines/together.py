"""One audience and a thousand: found together, as the planner chooses, beside one by one."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import RESULTS, about_the_machine

from engines.elsewhere import ENGINES
from engines.world import made

FOUND = Path(__file__).with_name("found.py")


def ask(place: str, engine: str, way: str, count: int | str) -> dict[str, Any]:
    """What finding so many audiences took, in a process of its own."""
    command = [sys.executable, FOUND, place, engine, way, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(place: str, engine: str, count: int, rounds: int) -> dict[str, Any]:
    """Both ways in turn, so that what else the machine does hits both alike."""
    found: dict[str, list[dict[str, Any]]] = {"alone": [], "together": []}
    for _ in range(rounds):
        for way, times in found.items():
            times.append(ask(place, engine, way, count))
    alone, together = found["alone"], found["together"]
    assert alone[0]["found"] == together[0]["found"], "the two ways disagree"
    line: dict[str, Any] = {
        "audiences": count, "rounds": rounds, "atoms": together[0]["atoms"], "shared": together[0]["together"],
        "expected": together[0]["expected"], "noted": together[0]["noted"],
    }  # fmt: skip
    for way, times in found.items():
        for what in ("seconds", "processor", "planning"):
            line[f"{way}_{what}"] = round(statistics.median(each[what] for each in times), 4)
        line[f"{way}_peak_mb"] = round(max(each["peak_mb"] for each in times), 1)
    for what in ("seconds", "processor"):
        line[f"ratio_{what}"] = round(
            statistics.median(one[what] / other[what] for one, other in zip(alone, together, strict=True)), 2
        )
    return line


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="duckdb")
    parser.add_argument("--customers", type=int, default=500_000)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--counts", default="1,10,100,1000", help="how many audiences, separated by commas")
    parser.add_argument("--rounds", type=int, default=5, help="of a hundred audiences half of them, of a thousand one")
    parser.add_argument("--folder", type=Path, help="where the database is kept; default: a temporary one")
    chosen = parser.parse_args(arguments)
    lines = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        world = made(folder / f"world-{chosen.customers}-{chosen.events}.duckdb", chosen.customers, chosen.events)
        place = ENGINES[chosen.engine].bring(world)
        for count in map(int, chosen.counts.split(",")):
            rounds = chosen.rounds if count < 100 else 1 if count >= 1000 else (chosen.rounds + 1) // 2
            lines.append(measured(place, chosen.engine, count, rounds))
            print("\n".join(table(lines)[-1:]), file=sys.stderr)
    title = f"Audiences together, {chosen.engine}, {chosen.customers:,} customers and {chosen.events:,} events"
    report = {"title": title, "lines": lines, "machine": about_the_machine()}
    text = "\n".join([f"# {title}", "", *table(lines), "", *NOTES])
    print(text)
    name = "together" if chosen.engine == "duckdb" else f"together_{chosen.engine}"
    (RESULTS / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (RESULTS / f"{name}.md").write_text(text + "\n", encoding="utf-8")


NOTES = (
    "- Medians of rounds in which both ways run in turn, each in a new process that has found the first ten before;",
    "  planning, compiling and reading the answers are in it. Ratios are the medians of the rounds' own, of wall time",
    "  and (in brackets) of processor time. The members of every audience are the same both ways.",
    "- Memory is the peak of the whole process, Python and libraries included; of an engine that works in another",
    "  process, only this side.",
    "- Where nothing is gained by sharing, the planner asks one by one, and the ratio is noise around 1.",
)


def table(lines: list[dict[str, Any]]) -> list[str]:
    """The figures as Markdown."""
    rows = [
        "| audiences | conditions | one by one | together | times faster | rounds | memory, one by one / together |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for each in lines:
        shared = "" if each["shared"] else ", asked alone"
        rows.append(
            f"| {each['audiences']:,} | {each['atoms']} | {each['alone_seconds']:.2f} s "
            f"| {each['together_seconds']:.2f} s{shared} | {each['ratio_seconds']:.1f} ({each['ratio_processor']:.1f}) "
            f"| {each['rounds']} | {each['alone_peak_mb']:.0f} / {each['together_peak_mb']:.0f} MB |"
        )
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
