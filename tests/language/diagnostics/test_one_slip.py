"""One slip of the finger anywhere in the sample gives one finding near to it, or changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from styles import well_styled
from workspaces import CAMPAIGNS, check

TOKEN = re.compile(r"#[^\n]*|\"[^\"\n]*\"|[A-Za-z_]\w*|\d[\d_:-]*|\S")
Slip = Callable[[str], str | None]

SLIPS: dict[str, Slip] = {
    "left out": lambda token: "",
    "typed twice": lambda token: f"{token} {token}",
    "a letter left out": lambda token: (
        token[: len(token) // 2] + token[len(token) // 2 + 1 :] if re.fullmatch(r"[a-z_]{3,}", token) else None
    ),
}
SPREAD = ("{", "}", ":")
"""What is missing of these shows only further down."""
ELSEWHERE = frozenset({"OUT003", "MSG001", "MSG010", "NAM013"})
"""A name with a slip is missed where it is used."""


def slips(text: str, slip: Slip, every: int) -> Iterator[tuple[int, str, str]]:
    """Line, token and text of each ``every``-th token with the slip."""
    tokens = [match for match in TOKEN.finditer(text) if match[0][0] != "#"]
    for match in tokens[::every]:
        new = slip(match[0])
        if new is not None:
            yield text.count("\n", 0, match.start()) + 1, match[0], text[: match.start()] + new + text[match.end() :]


@pytest.mark.parametrize("file", ["birthday_gift.campaign", "birthday_gift.campaign.yaml"])
@pytest.mark.parametrize("slip", SLIPS)
def test_one_slip_is_one_finding_in_its_place(slip: str, file: str, tmp_path: Path) -> None:
    sound = (CAMPAIGNS / file).read_text("utf-8")
    found = 0
    for line, token, text in slips(sound, SLIPS[slip], every=3):
        items = check(tmp_path, {file: text})
        assert len(items) <= 1, (line, token, items)
        for item in items:
            found += 1
            well_styled(item)
            assert item.where is not None
            near = abs(item.where.span.line - line) <= 1
            assert near or token in SPREAD or item.code in ELSEWHERE, (line, token, item)
    assert found > 20
