"""Near-miss names: what the user probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

SMALL_SET = 8
"""Up to this many names are simply listed when none is near."""
_MUCH = 0.1


def near(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The names closest to ``name``, best first; empty when none is near. Much better ones hide the others."""
    folded = name.casefold()
    by_folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    matches = get_close_matches(folded, list(by_folded), n=limit, cutoff=0.6)
    if not matches:
        return []
    best = _likeness(folded, matches[0])
    return [by_folded[match] for match in matches if _likeness(folded, match) >= best - _MUCH]


def _likeness(name: str, other: str) -> float:
    return SequenceMatcher(None, other, name).ratio()


def did_you_mean(name: str, known: Iterable[str], what: str = "known names") -> str | None:
    """A help sentence for an unknown ``name``: the nearest names, or all of them when they are few.

    Args:
        what: plural noun for the list, used when nothing is near ("attributes", "keys of `workspace`").
    """
    names = sorted(set(known))
    close = near(name, names)
    if close:
        return "did you mean " + _or([f"`{candidate}`" for candidate in close]) + "?"
    if len(names) == 1:
        return f"{what}: there is only `{names[0]}`"
    if names and len(names) <= SMALL_SET:
        return f"{what} are " + _and([f"`{candidate}`" for candidate in names])
    return None


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
