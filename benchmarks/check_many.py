"""`campaign check` of a workspace with 1,000 campaigns, half of them in YAML, beside reading and bare parsing."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from floors import parse_command
from measuring import Case, measure, write
from workspaces import many_campaigns

COUNT = 1_000
CAMPAIGN = Path(sys.executable).with_name("campaign")

NOTES = (
    f"{COUNT:,} campaigns of about 50 lines, no two alike, every second one in YAML, generated from a seed.",
    "`read + parse`: reads the same files, parses the YAML with PyYAML's C parser and the same clauses with Lark, one "
    "after the other in one process; no tree, places, names or types.",
)


def main(rounds: int = 7) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        many_campaigns(folder / "workspace", COUNT)
        cases = [
            Case("read + parse", parse_command(folder / "workspace", folder)),
            Case("campaign check", [CAMPAIGN, "check", "--workspace", folder / "workspace"], floor="read + parse"),
        ]
        write("check_many", f"Checking {COUNT:,} campaigns", cases, measure(cases, rounds), NOTES)


if __name__ == "__main__":
    main()
