"""The page about content says what the tables say."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign_dsl.language.content import limits
from campaign_dsl.language.content.expressions import LOOP
from campaign_dsl.language.content.filters import FILTERS
from campaign_dsl.language.content.locales import TIME_FIELDS
from campaign_dsl.language.content.parts import PARTS

PAGE = (Path(__file__).parents[3] / "docs" / "content.md").read_text("utf-8")


def test_every_filter_is_there() -> None:
    section = PAGE.partition("## Filters")[2].partition("\n## ")[0]
    assert [name for name in FILTERS if f"`{name}`" not in section] == []
    assert [name for name in (*TIME_FIELDS, *LOOP) if f"`{name}`" not in PAGE and f"`loop.{name}`" not in PAGE] == [
        "%%"
    ]


@pytest.mark.parametrize(("message", "part"), PARTS)
def test_every_part_and_its_length_is_there(message: str, part: str) -> None:
    section = PAGE.partition("## Parts and their lengths")[2].partition("\n## ")[0]
    kind = PARTS[message, part]
    assert f"{kind.longest:,}" in section
    assert part in section or part.endswith("image")


def test_limits_are_those_of_the_code() -> None:
    section = PAGE.partition("## Limits")[2]
    for number in (limits.MAX_TEMPLATE, limits.MAX_BRACES, limits.MAX_TOKENS):
        assert f"{number:,}" in section
    assert (limits.MAX_BLOCKS, limits.MAX_LOOPS, limits.MAX_ARITHMETIC, limits.MAX_OUTPUT) == (10, 2, 8, 1_000_000)
