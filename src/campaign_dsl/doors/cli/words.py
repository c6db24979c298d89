"""How numbers are said."""

from __future__ import annotations


def counted(number: int, word: str) -> str:
    """`1 offer`, `2 offers`."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")
