"""A turn of phrase that is said otherwise here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One turn of phrase.

    Args:
        starts: the clauses it is looked for in.
        pattern: what is written, anywhere in the clause.
        by: what to write instead.
        why: the message, when it says more than that something was unexpected.
    """

    starts: tuple[str, ...]
    pattern: re.Pattern[str]
    by: Callable[[re.Match[str]], str | None]
    why: str | None = None


def rewrite(starts: str, pattern: str, by: str | Callable[[re.Match[str]], str | None], why: str = "") -> Rewrite:
    made = (lambda match: match.expand(by)) if isinstance(by, str) else by
    return Rewrite(tuple(starts.split()), re.compile(pattern, re.DOTALL), made, why or None)
