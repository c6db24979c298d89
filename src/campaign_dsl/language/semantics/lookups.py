"""Finds what a campaign names in the catalog, and says so when it is not there or not in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.syntax import tree as t

Found = TypeVar("Found")


def entry_of(name: t.Name, known: Mapping[str, Found], code: str, what: str, problems: Problems) -> Found | None:
    """The entry called ``name``, or None after having reported that there is none.

    Args:
        what: "geofence".
    """
    found = known.get(name.text)
    if found is None:
        problems.add(
            code,
            f"unknown {what} `{name.text}`",
            name.span,
            help=did_you_mean(name.text, known, f"known {_plural(what)}") or "declare it in catalog.yaml",
        )
    return found


def _plural(what: str) -> str:
    first, _, rest = what.partition(" ")
    return f"{first}s {rest}" if rest.startswith("of ") else f"{what}s"


def active(name: t.Name, is_active: bool, what: str, problems: Problems) -> bool:
    """Whether an entry is in use; reports it when it is not."""
    if not is_active:
        problems.add("OUT001", f"{what} `{name.text}` is not active", name.span, help=f"use an active {what}")
    return is_active
