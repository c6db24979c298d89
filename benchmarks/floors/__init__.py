"""What cannot be left out: programs that do only that, to measure ours beside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def parse_command(workspace: Path, scratch: Path) -> list[str | Path]:
    """The command that imports, reads and parses what `campaign check` of ``workspace`` does, and no more."""
    clauses = scratch / "clauses.json"
    subprocess.run([sys.executable, HERE / "clauses.py", workspace, clauses], check=True)
    return [sys.executable, HERE / "parse.py", workspace, clauses, scratch / "tables"]


def lex_command(workspace: Path) -> list[str | Path]:
    """The command that imports, reads the files of ``workspace`` and cuts them into tokens, and no more."""
    return [sys.executable, HERE / "lex.py", workspace]
