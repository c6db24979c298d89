"""Who reads which content, and whether there is exactly one for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_dsl.language.content.matrix import Axes, Combination, choose, gaps_and_clashes, matches, spoken


@dataclass(frozen=True)
class Content:
    segment: str | None = None
    language: str | None = None
    arm: str | None = None


AXES = Axes(("gold", "others"), ("en", "de"), ("a", "b"))


def found(*contents: Content, axes: Axes = AXES) -> tuple[list[str], list[tuple[int, ...]]]:
    gaps, clashes = gaps_and_clashes(contents, axes.combinations())
    return [str(gap.combination) for gap in gaps], [clash.contents for clash in clashes]


def test_one_content_is_for_everybody() -> None:
    assert found(Content()) == ([], [])
    assert found(Content(), axes=Axes()) == ([], [])
    assert found(axes=Axes()) == (["everybody"], [])


def test_combinations_without_content() -> None:
    gaps, clashes = found(Content(segment="gold"), Content(segment="others", language="en"))
    assert gaps == ["segment others, language de, variant a", "segment others, language de, variant b"]
    assert clashes == []


def test_contents_that_are_equally_specific() -> None:
    assert found(Content(), Content()) == ([], [(0, 1)])
    assert found(Content(), Content(segment="gold"), Content(language="de")) == ([], [(1, 2)])
    both = Content(segment="gold", language="de")
    assert found(Content(), Content(segment="gold"), Content(language="de"), both) == ([], [])


@pytest.mark.parametrize(
    ("language", "languages", "expected"),
    [
        ("de-AT", ("en", "de"), "de"),
        ("de-AT", ("en", "de", "de-AT"), "de-AT"),
        ("zh-Hant-TW", ("en", "zh-Hant"), "zh-Hant"),
        ("fr", ("en", "de"), "en"),
        (None, ("en", "de"), "en"),
        ("", ("en",), "en"),
        ("de", (), None),
    ],
)
@pytest.mark.seed("S2-18", "S1-14")
def test_the_language_that_is_spoken(language: str | None, languages: tuple[str, ...], expected: str | None) -> None:
    assert spoken(language, languages) == expected


def test_the_most_specific_content_is_read() -> None:
    everyone, gold, german = Content(), Content(segment="gold"), Content(segment="gold", language="de")
    contents = [everyone, gold, german]
    assert choose(contents, "gold", "de-CH", None, ("en", "de")) is german
    assert choose(contents, "gold", "fr", None, ("en", "de")) is gold
    assert choose(contents, "others", "de", None, ("en", "de")) is everyone
    assert choose([german], "gold", "en", None, ("en", "de")) is None


NAMES = st.builds(
    Content,
    st.sampled_from([None, "gold", "others"]),
    st.sampled_from([None, "en", "de"]),
    st.sampled_from([None, "a", "b"]),
)


@given(st.lists(NAMES, max_size=6))
@pytest.mark.seed("S2-04", "S2-06")
def test_without_gaps_and_clashes_everybody_reads_exactly_one(contents: list[Content]) -> None:
    gaps, clashes = gaps_and_clashes(contents, AXES.combinations())
    everybody = [Combination(*each) for each in product(AXES.segments, AXES.languages, AXES.arms)]
    assert list(AXES.combinations()) == everybody
    counts = [len(matches(contents, each)) for each in everybody]
    assert (0 in counts) == bool(gaps)
    assert any(count > 1 for count in counts) == bool(clashes)
    for each, count in zip(everybody, counts, strict=True):
        chosen = choose(contents, each.segment, each.language, each.arm, AXES.languages)
        assert (chosen is None) == (count == 0)
