"""Comments, and the lines they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax.printing.bodies import Body, Row


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, from its ``#`` on, and where it begins in the file."""

    text: str
    start: int


def same_line(source: SourceFile, first: int, second: int) -> bool:
    """Whether nothing but one line lies between two places."""
    return "\n" not in source.text[first:second]


def attach(found: Iterable[Comment], body: Body, source: SourceFile) -> list[str]:
    """Give each comment inside a clause to the row it stands at; the ones no row takes come back."""
    homeless: list[str] = []
    rows = [row for row in body.rows if row.start is not None]
    for comment in found:
        row = _row(comment, rows, source)
        if row is None:
            homeless.append(comment.text)
        elif row[1]:
            row[0].before.append(comment.text)
        else:
            row[0].after.append(comment.text)
    return homeless


def _row(comment: Comment, rows: list[Row], source: SourceFile) -> tuple[Row, bool] | None:
    """The row of a comment, and whether it stands above it."""
    if len(rows) < 2:
        return None
    earlier = [row for row in rows if row.start is not None and row.start < comment.start]
    if earlier:
        last = earlier[-1]
        assert last.end is not None
        if comment.start < last.end or same_line(source, last.end, comment.start):
            return last, False
    later = [row for row in rows if row.start is not None and row.start > comment.start]
    if not earlier:
        return None  # the clause's first row stands on its keyword's line
    return (later[0], True) if later else (earlier[-1], False)
