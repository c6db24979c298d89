"""Campaign files a second through each stage of the compiler, beside reading and lexing the same bytes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from floors import lex_command
from measuring import Case, measure, write
from workspaces import many_campaigns

COUNT = 300
WORK = Path(__file__).with_name("stage.py")
STAGES = ("parse", "check", "format", "compile")
FLOOR = "read + lex"

NOTES = (
    f"{COUNT} campaigns of about 50 lines, no two alike, every second one in YAML, generated from a seed; one process.",
    f"`{FLOOR}`: imports, reads the same files, and cuts them into tokens with one regular expression.",
    "`parse`: blocks, clauses and the syntax tree. `check`: the same, and names and types. `compile`: the same, and "
    "SQL and the plan of each campaign. `format`: the canonical layout, read again and compared before it counts.",
)


def main(rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        workspace = folder / "workspace"
        many_campaigns(workspace, COUNT)
        cases = [Case(FLOOR, lex_command(workspace))]
        cases += [Case(stage, [sys.executable, WORK, stage, workspace], floor=FLOOR) for stage in STAGES]
        write("stages", f"Stages of {COUNT} campaigns", cases, measure(cases, rounds), NOTES, things=(COUNT, "files"))


if __name__ == "__main__":
    main()
