"""Reading JSON that strangers sent: bounded, and without what JSON does not have."""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 64
"""Levels of nesting. Everything after reading recurses."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # possessive: one pass, whatever the text


class Unreadable(ValueError):
    """Why a body is not JSON that can be judged."""


def read_json(body: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    Raises:
        Unreadable: it is not JSON, repeats a key, holds a number that is none, or is nested too deeply.
    """
    if _depth(body) > DEEPEST:
        raise Unreadable(f"the body is nested more than {DEEPEST} levels deep")
    try:
        return json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None


def _depth(body: bytes) -> int:
    """How deep brackets nest at most, outside strings. Never recurses, whatever the text."""
    deepest = level = 0
    for byte in _STRING.sub(b"", body):
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Unreadable("the body gives a key twice in one object")
    return values


def _no_number(name: str) -> Any:
    raise Unreadable(f"the body holds {name}, which JSON does not have")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable("the body holds a number too large for JSON readers")
    return number
