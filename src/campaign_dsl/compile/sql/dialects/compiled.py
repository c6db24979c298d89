"""What dialects have in common whose SQL is compiled and never run here."""

from __future__ import annotations

from typing import ClassVar

from campaign_dsl.compile.sql.dialects.protocol import Dialect

NEVER_RUN = "compiled, never run here"


class Compiled:
    """A dialect without an engine: its text follows the vendor's documentation, and is only parsed back in tests.

    Attributes:
        session: statements that give a session the settings the text relies on.
    """

    runs: ClassVar[bool] = False
    session: ClassVar[tuple[str, ...]] = ()


def never_run(dialect: Dialect) -> list[str]:
    """What the header of a dialect's SQL has to say about that; nothing where an engine runs it."""
    if dialect.runs:
        return []
    session = dialect.session if isinstance(dialect, Compiled) else ()
    about = f"{NEVER_RUN}: no test has run the SQL of `{dialect.name}`, look at it before you do"
    return [about, *(f"before it: {statement}" for statement in session)]
