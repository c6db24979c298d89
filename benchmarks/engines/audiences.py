"""Five kinds of audiences on DuckDB: the compiler's SQL beside an expert's, and beside a bare scan of the columns."""

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

from engines.kinds import KINDS, Kind
from engines.words import sql
from engines.world import made

ASKED = Path(__file__).with_name("asked.py")


def ask(database: Path, query: str) -> dict[str, Any]:
    """What one query took, in a process of its own."""
    done = subprocess.run([sys.executable, ASKED, database], input=query, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(database: Path, kind: Kind, rounds: int) -> dict[str, Any]:
    """Ours, the expert's and the scan in turn, so that what else the machine does hits all of them alike."""
    queries = {"ours": sql(kind.says), "expert": kind.expert, "scan": kind.scan}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in queries}
    for _ in range(rounds):
        for name, query in queries.items():
            found[name].append(ask(database, query))
    assert found["ours"][0]["rows"] == found["expert"][0]["rows"], (kind.name, found)
    line: dict[str, Any] = {"kind": kind.name, "says": kind.says, "customers": found["ours"][0]["rows"]}
    for name, times in found.items():
        for what in ("seconds", "processor", "peak_mb"):
            line[f"{name}_{what}"] = round(statistics.median(each[what] for each in times), 4)
    for name in ("expert", "scan"):
        for what in ("seconds", "processor"):
            pairs = zip(found["ours"], found[name], strict=True)
            line[f"to_{name}_{what}"] = round(statistics.median(one[what] / other[what] for one, other in pairs), 2)
    return line


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=5_000_000)
    parser.add_argument("--events", type=int, default=50_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the database is kept; default: a temporary one")
    parser.add_argument("--only", help="one kind, by the beginning of its name")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        database = made(folder / f"world-{chosen.customers}-{chosen.events}.duckdb", chosen.customers, chosen.events)
        kinds = [each for each in KINDS if each.name.startswith(chosen.only or "")]
        lines = [measured(database, each, chosen.rounds) for each in kinds]
    title = f"Audiences of {chosen.customers:,} customers and {chosen.events:,} events"
    report = {"title": title, "rounds": chosen.rounds, "lines": lines, "machine": about_the_machine()}
    text = "\n".join([f"# {title}", "", *table(lines), "", *NOTES])
    print(text)
    if not chosen.only:
        (RESULTS / "audiences.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        (RESULTS / "audiences.md").write_text(text + "\n", encoding="utf-8")


NOTES = (
    "- Medians of rounds in which the three run in turn, each in a new process that asks twice and counts the second;",
    "  ratios are the medians of the rounds' own, of wall time and (in brackets) of processor time.",
    "- The expert's query means the same: each event id counts once, today is where the customer is, and customers",
    "  whose zone nobody knows are in no audience.",
    "- The scan reads the columns that cannot be left out, with the filter by kind and time, and counts.",
)


def table(lines: list[dict[str, Any]]) -> list[str]:
    """The figures as Markdown."""
    rows = [
        "| audience | customers | ours | expert | scan | ours / expert | ours / scan | memory, ours / expert |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for each in lines:
        rows.append(
            f"| {each['kind']} | {each['customers']:,} | {each['ours_seconds']:.3f} s | {each['expert_seconds']:.3f} s "
            f"| {each['scan_seconds']:.3f} s | {each['to_expert_seconds']:.2f} ({each['to_expert_processor']:.2f}) "
            f"| {each['to_scan_seconds']:.1f} ({each['to_scan_processor']:.1f}) "
            f"| {each['ours_peak_mb']:.0f} / {each['expert_peak_mb']:.0f} MB |"
        )
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
