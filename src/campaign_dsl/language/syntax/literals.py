"""Where inside a text literal a part of its text stands."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.syntax import tree as t

_ESCAPES = {"n": "\n", "t": "\t"}


def place_in(literal: t.Text, start: int, end: int) -> Span:
    """The place of ``literal.text[start:end]`` in the file.

    The whole literal where that cannot be said: in YAML, a quoted scalar has escapes of its own.
    """
    span = literal.span
    written = span.source.text[span.start : span.end]
    offsets, text, index = [], [], 1
    while index < len(written) - 1:
        offsets.append(span.start + index)
        if written[index] == "\\":
            index += 1
            text.append(_ESCAPES.get(written[index], written[index]))
        else:
            text.append(written[index])
        index += 1
    offsets.append(span.start + index)
    if "".join(text) != literal.text or not 0 <= start <= end <= len(literal.text):
        return span
    return Span(span.source, offsets[start], offsets[end])
