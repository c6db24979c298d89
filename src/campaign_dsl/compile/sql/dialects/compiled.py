"""What dialects have in common whose SQL is compiled and never run here."""

from __future__ import annotations

from typing import ClassVar

from campaign_dsl.compile.sql.dialects.protocol import Dialect

NEVER_RUN = "compiled, never run here"


class Unasked(AssertionError):
    """An engine lacks this or says it in another way: whoever asks has not looked at what the dialect declares."""


class Compiled:
    """A dialect without an engine: its text follows the vendor's documentation, and is only parsed back in tests.

    Attributes:
        session: statements that give a session the settings the text relies on.
        differs: where its documentation leaves no way to say what is meant: what comes out instead.
    """

    runs: ClassVar[bool] = False
    session: ClassVar[tuple[str, ...]] = ()
    differs: ClassVar[tuple[str, ...]] = ()


def never_run(dialect: Dialect) -> list[str]:
    """What the header of a dialect's SQL has to say about that; nothing where an engine runs it."""
    if dialect.runs:
        return []
    about = f"{NEVER_RUN}: no test has run the SQL of `{dialect.name}`, look at it before you do"
    if not isinstance(dialect, Compiled):
        return [about]
    before = [f"before it: {statement};" for statement in dialect.session]
    return [about, *before, *(f"differs: {each}" for each in dialect.differs)]
