"""Diagnostics for programs: the fields of `campaign check --format json`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from campaign_dsl.language.diagnostics.discretion import discreet
from campaign_dsl.language.diagnostics.model import Diagnostic, Span


def as_json(item: Diagnostic, rename: Callable[[str], str] = str) -> dict[str, Any]:
    """One finding.

    Lines and columns count from 1, in characters; the end is exclusive. A file as a whole is its line 1, column 1.
    """
    item = discreet(item)
    span = item.where.span if item.where else None
    return {
        "code": item.code,
        "severity": item.severity.value,
        "message": item.message,
        **_place(span, item.path, rename),
        "help": item.help,
        "why": item.why,
        "related": [{**_place(label.span, None, rename), "message": label.text} for label in item.see_also],
    }


def _place(span: Span | None, path: str | None, rename: Callable[[str], str]) -> dict[str, Any]:
    if span is None:
        return {
            "path": None if path is None else rename(path),
            "line": 1,
            "column": 1,
            "end_line": 1,
            "end_column": 1,
        }
    end_line, end_column = span.source.line_column(span.end)
    return {
        "path": rename(span.source.path),
        "line": span.line,
        "column": span.column,
        "end_line": end_line,
        "end_column": end_column,
    }
