"""Names that are no names, and text without quotes."""

from __future__ import annotations

import re

from campaign_dsl.language.syntax.hints.stop import Hint, Stop, is_name, short, slug
from campaign_dsl.language.syntax.spec import MESSAGE_TYPES


def quoted_names(stop: Stop) -> Hint | None:
    """`kind "promotion"`."""
    if "NAME" not in stop.expected or "STRING" in stop.expected or not stop.found.startswith('"'):
        return None
    content = stop.found.strip('"')
    written = content if is_name(content) else slug(content)
    if not written:
        return None
    if stop.start == "word_clause" and stop.keyword == "campaign":
        help = f"write `campaign {slug(content)} {{`; what people call it is its `title`"
        return Hint(stop.at, stop.end, help, "a campaign's name is one word without quotes")
    return Hint(stop.at, stop.end, f"write `{written}`, without quotes")


def heads(stop: Stop) -> Hint | None:
    """Names of campaigns, audiences and messages that are not one word."""
    opening = ":" if stop.yaml else " {"
    text = stop.text.strip()
    if stop.start == "message_head":
        words = text.split()
        types = [word.lower() for word in words if word.lower() in MESSAGE_TYPES]
        type_ = types[-1] if types else "external"
        rest = [word for word in words if word.lower() != type_] if len(words) > 1 else words
        name = slug(" ".join(rest))
        problem = f"`{short(text)}` is not a name and a type" if len(words) > 1 else "this message has no type"
        others = ", ".join(f"`{each}`" for each in MESSAGE_TYPES if each != type_)
        also = "" if types else f"; other types are {others}"
        return Hint(0, len(text), f"write `message {name} {type_}{opening}`{also}", problem) if name else None
    if stop.start == "word_clause" and stop.keyword in ("campaign", "audience") and slug(text):
        help = f"write `{stop.keyword} {slug(text)}{opening}`: a name is letters, digits and `_`"
        return Hint(0, len(text), help, f"`{short(text)}` is not a name")
    return None


def nameless_segments(stop: Stop) -> Hint | None:
    """`otherwise` alone."""
    if stop.start == "segment_entry" and stop.keyword == "otherwise" and not stop.text.strip():
        name = "others: otherwise" if stop.yaml else "others  otherwise"
        return Hint(0, 0, f"write `{name}`: a segment has a name", "this segment has no name")
    return None


def unquoted(stop: Stop) -> Hint | None:
    """Text without quotes where only text can stand."""
    if not stop.wants_only_text or not stop.found[:1].isalnum() or stop.found in ("true", "false"):
        return None
    if stop.found[0].isdigit() and "NUMBER" in stop.expected:
        return None
    if stop.start == "text_clause":
        run = stop.text[stop.at :].split("\n")[0].split('"')[0].rstrip(" \t,;")
    else:
        match = re.compile(r"[^\s,\"]+").match(stop.text, stop.at)
        run = match[0] if match else stop.found
    written, whole = f'"{run}"', stop.at == 0 and len(run) == len(stop.text.strip())
    if stop.yaml and whole:
        help = f"write `{stop.keyword}: '{written}'`: text keeps its double quotes inside the value"
        return Hint(stop.at, stop.at + len(run), help)
    return Hint(
        stop.at,
        stop.at + len(run),
        f"write `{stop.clause(written) if whole else written}`: text stands in double quotes",
    )
