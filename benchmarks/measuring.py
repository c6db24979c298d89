"""Runs commands beside their floors, in turn, and says how they compare."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
LIBRARIES = ("duckdb", "lark", "pyarrow", "pydantic", "pyyaml", "rich", "sqlglot", "typer")


@dataclass(frozen=True)
class Case:
    """One command to measure.

    Attributes:
        floor: name of the case that does only what cannot be left out; the ratio is to it.
        before: called before each run, outside of the measured time.
        expect: exit code that means that it did its work.
    """

    name: str
    command: Sequence[str | Path]
    floor: str | None = None
    before: Callable[[], None] | None = None
    expect: int = 0


@dataclass
class Times:
    """What was measured of one case: a number for each round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)


def run_once(case: Case) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak memory in MB of one run, its children included."""
    if case.before is not None:
        case.before()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (
        open(os.devnull, "r+b") as nothing,
        subprocess.Popen(
            [str(part) for part in case.command], stdin=nothing, stdout=nothing, stderr=subprocess.PIPE, env=environment
        ) as process,
    ):
        began = time.perf_counter()
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != case.expect:
        sys.exit(f"{case.name}: exit code {process.returncode}\n{said.decode(errors='replace')[-3000:]}")
    # Linux counts in KiB, macOS in bytes.
    peak = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return wall, used.ru_utime + used.ru_stime, peak


def measure(cases: Sequence[Case], rounds: int, *, warm: bool = True) -> dict[str, Times]:
    """Every case once a round, so that what else the machine does hits all of them alike."""
    times = {case.name: Times() for case in cases}
    for number in range(-1 if warm else 0, rounds):
        for case in cases:
            wall, cpu, peak = run_once(case)
            if number >= 0:  # The first round fills caches of the disk and of Python.
                times[case.name].wall.append(wall)
                times[case.name].cpu.append(cpu)
                times[case.name].peak_mb.append(peak)
        print(f"\r{'warming up' if number < 0 else f'round {number + 1} of {rounds}'}   ", end="", file=sys.stderr)
    print(file=sys.stderr)
    return times


def ratio(times: dict[str, Times], case: Case) -> float | None:
    """How many times the wall time of its floor a case takes: the median of the rounds' own ratios."""
    if case.floor is None:
        return None
    pairs = zip(times[case.name].wall, times[case.floor].wall, strict=True)
    return statistics.median(mine / floor for mine, floor in pairs)


def about_the_machine() -> dict[str, Any]:
    """What the figures depend on beside the code."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "versions": {library: version(library) for library in LIBRARIES},
    }


def write(
    name: str,
    title: str,
    cases: Sequence[Case],
    times: dict[str, Times],
    notes: Sequence[str] = (),
    things: tuple[int, str] | None = None,
) -> None:
    """`results/NAME.json` and `.md`, the latter also to the terminal.

    Args:
        things: how many of what each case goes through, so that they are also told by the second.
    """
    rounds = len(times[cases[0].name].wall)
    found = [
        {
            "case": case.name,
            "floor": case.floor,
            "seconds": {
                "median": round(statistics.median(times[case.name].wall), 4),
                "min": round(min(times[case.name].wall), 4),
                "max": round(max(times[case.name].wall), 4),
            },
            "cpu_seconds": round(statistics.median(times[case.name].cpu), 4),
            "peak_mb": round(max(times[case.name].peak_mb), 1),
            "per_second": None if things is None else round(things[0] / statistics.median(times[case.name].wall), 1),
            "ratio_to_floor": None if (r := ratio(times, case)) is None else round(r, 2),
        }
        for case in cases
    ]
    machine = about_the_machine()
    lines = [
        f"# {title}",
        "",
        f"{rounds} rounds, interleaved. Seconds of wall time; the ratio is to the floor of the same run.",
        "",
        "| case | median | min - max | processor | peak memory | ratio |"
        + (f" {things[1]} a second |" if things else ""),
        "|---|---:|---:|---:|---:|---:|" + ("---:|" if things else ""),
        *(_line(case, times, things) for case in cases),
        *(["", *(f"- {note}" for note in notes)] if notes else []),
        "",
        f"Python {machine['python']}, {machine['system']}, {machine['processors']} processors.",
        "",
    ]
    RESULTS.mkdir(exist_ok=True)
    report = {"title": title, "rounds": rounds, "cases": found, "notes": list(notes), "machine": machine}
    (RESULTS / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (RESULTS / f"{name}.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


def _line(case: Case, times: dict[str, Times], things: tuple[int, str] | None) -> str:
    wall, cpu, peak = times[case.name].wall, times[case.name].cpu, times[case.name].peak_mb
    over = ratio(times, case)
    columns = (
        case.name,
        f"{statistics.median(wall):.3f}",
        f"{min(wall):.3f} - {max(wall):.3f}",
        f"{statistics.median(cpu):.3f}",
        f"{max(peak):.0f} MB",
        "" if over is None else f"{over:.2f} x {case.floor}",
        *([] if things is None else [f"{things[0] / statistics.median(wall):,.0f}"]),
    )
    return "| " + " | ".join(columns) + " |"
