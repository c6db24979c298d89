"""Regular expressions of the language in the words of engines that read them differently."""

from __future__ import annotations

from collections.abc import Callable


def ending_there(pattern: str) -> str:
    r"""``$`` as `\z`, for engines whose `$` also stands before a line break at the end of the text."""
    found: list[str] = []
    escaped = listed = False
    for each in pattern:
        if escaped:
            found.append(each)
            escaped = False
            continue
        escaped = each == "\\"
        listed = (listed and each != "]") or (each == "[" and not listed)
        found.append("\\z" if each == "$" and not listed else each)
    return "".join(found)


def in_lower_case(pattern: str, lower: Callable[[str], str]) -> str:
    """Every character but those at the ends of a range: `[A-z]` in lower case would be another range."""
    found: list[str] = []
    escaped = listed = False
    for place, each in enumerate(pattern):
        ends = listed and ("-" in (pattern[place + 1 : place + 2], pattern[place - 1]) and not escaped)
        found.append(each if escaped or ends else lower(each))
        if not escaped:
            listed = (listed and each != "]") or (each == "[" and not listed)
        escaped = each == "\\" and not escaped
    return "".join(found)
