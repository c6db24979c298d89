"""Reads one clause with the grammar."""

from __future__ import annotations

from functools import cache
from typing import Any

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import Snippet
from campaign_dsl.language.syntax.builder import Builder
from campaign_dsl.language.syntax.driver import UNREAD, Driver


@cache
def _driver() -> tuple[Driver | None, Builder]:
    builder = Builder()
    try:
        from campaign_dsl.language.syntax import _driver_tables

        return Driver(builder, _driver_tables), builder
    except (ImportError, LookupError):  # somebody is at work on the grammar: Lark builds its tables anew each time
        return None, builder


def parse_clause(start: str, snippet: Snippet, problems: Problems, what: str) -> Any:
    """The node of one clause, or None when it has an error (which is then in ``problems``).

    Args:
        start: start symbol of the grammar.
        what: how to call the clause in a message, as in ``the `limit` clause``.
    """
    driver, builder = _driver()
    if driver is not None:
        noted = Problems()
        builder.begin(snippet, noted)
        node = driver.read(start, snippet.text)
        builder.end()
        if node is not UNREAD:
            if not len(noted):
                return node
            problems.extend(noted.sorted())
            return None
    from campaign_dsl.language.syntax.unread import read_with_lark

    return read_with_lark(start, snippet, problems, what)
