"""What is said of expressions that are wrong: the place, the code, the message, and what to write instead.

Each block of `refused.txt` is an expression, and for each finding its caret, its code with the message, and the help.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from styles import well_styled

from wide_catalog import refused

BLOCKS = Path(__file__).with_name("refused.txt").read_text("utf-8").strip("\n").split("\n\n")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_what_is_said(block: str) -> None:
    text = block.split("\n")[0]
    said = [text]
    for item in refused(text):
        well_styled(item)
        assert item.where is not None
        start, end = item.where.span.start, item.where.span.end
        said += [" " * start + "^" * (end - start), f"{item.code}: {item.message}", f"help: {item.help}"]
    assert "\n".join(said) == block


def test_there_is_something_to_read() -> None:
    assert len(BLOCKS) > 150
    assert len({block.split("\n")[0] for block in BLOCKS}) == len(BLOCKS)


@pytest.mark.parametrize(
    ("text", "beside", "label"),
    [
        ("whole = note", "whole", "because this is an integer"),
        ('"x" = whole', "whole", "because this is an integer"),
        ("interests contains 5", "interests", "because each element is text"),
        ("seen + 3 calendar days < now", "seen", "this is an instant"),
        ("did buy since 2026-01-01 after 2026-01-02", "since 2026-01-01", "its first beginning"),
        ("did (look as a then open as a) ever", "a", "the first of them"),
        ("sku.city is known", "sku", None),
        ("note.city is known", "note", "this is text, which has no parts"),
        ("address = 5", "5", "compared with this"),
        ("color < red", "color", "this is an enum of red, blue"),
    ],
)
def test_why_a_type_is_expected_is_shown_at_the_other_place(text: str, beside: str, label: str | None) -> None:
    (item,) = refused(text)
    if label is None:
        assert item.see_also == ()
        return
    (other,) = item.see_also
    assert other.text == label
    assert other.span.source.text[other.span.start : other.span.end] == beside
    assert item.where is not None
    assert other.span != item.where.span
