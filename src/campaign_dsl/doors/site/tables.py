"""Markdown that generated pages are made of."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).parents[4] / "docs"


def code(text: str) -> str:
    """Text as code, inside a table too."""
    return f"`{text}`".replace("|", "\\|")


def cell(text: str) -> str:
    """A sentence in a table: it begins with a capital letter, ends with a full stop, and has no bar of its own."""
    said = " ".join(text.split()).replace("|", "\\|")
    begun = said[:1].upper() + said[1:]
    return begun if not begun or begun[-1] in ".!?" else begun + "."


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of rows."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def write_or_check(page: Path, text: str, command: str, *, check: bool) -> None:
    """Write a page; with ``check``, only say whether it is what would be written."""
    if not check:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, "utf-8", newline="\n")
    elif not page.is_file() or page.read_text("utf-8") != text:
        sys.exit(f"{page.relative_to(DOCS.parent)} is out of date: run `{command}`")
