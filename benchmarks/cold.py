"""Cold starts: `campaign --help`, and `campaign check` of a workspace with one campaign, beside their floors."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from floors import parse_command
from measuring import Case, measure, write
from workspaces import one_campaign

PYTHON = sys.executable
CAMPAIGN = Path(sys.executable).with_name("campaign")

NOTES = (
    "`typer + rich`: `python -c 'import typer, rich'`.",
    "`libraries + parse`: imports lark, pydantic and yaml, reads the same files, parses the YAML with PyYAML's C "
    "parser and the same clauses with Lark (its own table cache); no tree, places, names or types.",
    "`campaign check` reads workspace.yaml, catalog.yaml, audiences.campaign and birthday_gift.campaign.",
)


def main(rounds: int = 21) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        campaign = one_campaign(folder / "workspace")
        cases = [
            Case("python", [PYTHON, "-c", "pass"]),
            Case("typer + rich", [PYTHON, "-c", "import typer, rich"], floor="python"),
            Case("campaign --help", [CAMPAIGN, "--help"], floor="typer + rich"),
            Case("libraries + parse", parse_command(folder / "workspace", folder), floor="python"),
            Case("campaign check", [CAMPAIGN, "check", campaign], floor="libraries + parse"),
        ]
        write("cold", "Cold start", cases, measure(cases, rounds), NOTES)


if __name__ == "__main__":
    main()
