"""Regular expressions of the language in the words of engines that read them differently."""

from __future__ import annotations


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
