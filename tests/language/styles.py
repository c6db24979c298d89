"""How every message reads."""

from __future__ import annotations

import re

from campaign_dsl.language.diagnostics.model import Diagnostic, Severity


def well_styled(item: Diagnostic) -> None:
    """Lower case, no full stop, what the user wrote in backticks, and always something to do."""
    for sentence in (item.message, item.help, item.why):
        if sentence is None:
            continue
        assert sentence, item
        assert sentence[0].islower() or sentence[0] == "`" or sentence[0].isdigit() or _NAMED.match(sentence), item
        assert not sentence.rstrip().endswith("."), item
        assert "\n" not in sentence, item
        assert sentence.count("`") % 2 == 0 or "``" in sentence, item
        assert "None" not in sentence, item
        assert "$" not in sentence, item
    if item.severity is Severity.ERROR:
        assert item.help, item
    assert item.help != item.message
    if item.where is not None:
        span = item.where.span
        assert 0 <= span.start <= span.end <= len(span.source.text), item
        word = span.source.text[span.start : span.end]
        if re.fullmatch(r"[A-Za-z_]{3,}", word) and re.search(rf"(?<![\w`.]){word}(?![\w`.])", item.message):
            assert f"`{word}`" in item.message, item


_NAMED = re.compile(r"YAML|Braze|UTF-8")
