"""Named SQL: every statement lives in a `.sql` file with a name and a sentence that says what it is for.

Stores share them. What a store can only be asked in words of its own is in a folder named after it, and takes the place
of the shared statement with its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from sqlite3 import complete_statement

_HEADER = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: what it is called, what it is for, and its text."""

    name: str
    sentence: str
    sql: str


@cache
def statements(package: str) -> dict[str, Statement]:
    """Every named statement of the `.sql` files in the folder of ``package``.

    Raises:
        ValueError: a statement has no sentence, is not exactly one statement, or shares its name.
    """
    found: dict[str, Statement] = {}
    sources = sorted((path for path in files(package).iterdir() if path.name.endswith(".sql")), key=lambda p: p.name)
    for source in sources:
        for statement in named(source.read_text(encoding="utf-8")):
            if statement.name in found:
                raise ValueError(f"two statements are called `{statement.name}`")
            found[statement.name] = statement
    return found


@cache
def statements_of(store: str) -> dict[str, Statement]:
    """The ledger's statements as ``store`` is asked them."""
    package = "campaign_dsl.run.ledger.sql"
    return statements(package) | statements(f"{package}.{store}")


def split(script: str) -> Iterator[str]:
    """The statements of ``script`` one by one, triggers whole, so that they can run inside one transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        # A trigger's body ends lines with `;` too; SQLite itself knows where the statement is complete.
        if line.rstrip().endswith(";") and complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError("the script ends inside a statement")


def named(text: str) -> Iterator[Statement]:
    """The named statements of a file.

    Raises:
        ValueError: one has no sentence, or is not exactly one statement.
    """
    parts = _HEADER.split(text)
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        lines = body.strip().splitlines()
        sentence = []
        while lines and lines[0].startswith("--"):
            sentence.append(lines.pop(0).removeprefix("--").strip())
        sql = "\n".join(lines).strip()
        if not sentence or not sql or ";" in sql:
            raise ValueError(f"`{name}` needs a sentence and exactly one statement, without a semicolon")
        yield Statement(name, " ".join(sentence), sql)
