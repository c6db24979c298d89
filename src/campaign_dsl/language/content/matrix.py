"""Which content of a message a customer reads, and whether there is exactly one for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol, TypeVar


class Choosable(Protocol):
    """A content: None means any segment, language or arm."""

    @property
    def segment(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def arm(self) -> str | None: ...


C = TypeVar("C", bound=Choosable)


@dataclass(frozen=True, slots=True)
class Axes:
    """What customers of a campaign differ in; an empty axis has one nameless value.

    Attributes:
        languages: the first is the fall-back.
    """

    segments: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()

    def combinations(self) -> Iterator[Combination]:
        """Every kind of customer there can be."""
        axes: list[Sequence[str | None]] = [axis or (None,) for axis in (self.segments, self.languages, self.arms)]
        for segment, language, arm in product(*axes):
            yield Combination(segment, language, arm)


@dataclass(frozen=True, slots=True)
class Combination:
    """One segment, language and arm."""

    segment: str | None
    language: str | None
    arm: str | None

    def __str__(self) -> str:
        named = (("segment", self.segment), ("language", self.language), ("variant", self.arm))
        return ", ".join(f"{word} {name}" for word, name in named if name is not None) or "everybody"


def spoken(language: str | None, languages: Sequence[str]) -> str | None:
    """The language of a campaign that a customer reads: hers, `de-AT`, else `de`, else the campaign's first."""
    here = language
    while here:
        if here in languages:
            return here
        here = here.rpartition("-")[0]
    return languages[0] if languages else None


def matches(contents: Iterable[C], combination: Combination) -> list[C]:
    """The contents for a combination that name most of its segment, language and arm.

    More than one: it is not clear which is meant. None: there is nothing to say.
    """
    fitting = [
        content
        for content in contents
        if content.segment in (None, combination.segment)
        and content.language in (None, combination.language)
        and content.arm in (None, combination.arm)
    ]
    most = max(map(_named, fitting), default=0)
    return [content for content in fitting if _named(content) == most]


def _named(content: Choosable) -> int:
    return sum(each is not None for each in (content.segment, content.language, content.arm))


@dataclass(frozen=True, slots=True)
class Gap:
    """A combination without content."""

    combination: Combination


@dataclass(frozen=True, slots=True)
class Clash:
    """A combination for which several contents are equally specific; ``contents`` are their places in the message."""

    combination: Combination
    contents: tuple[int, ...]


def gaps_and_clashes(
    contents: Sequence[Choosable], combinations: Iterable[Combination]
) -> tuple[list[Gap], list[Clash]]:
    """What keeps contents from being exactly one for everybody. Contents that clash are named once.

    Args:
        combinations: those that the message is sent to: `Axes.combinations`, or fewer.
    """
    gaps: list[Gap] = []
    clashes: dict[tuple[int, ...], Clash] = {}
    for combination in combinations:
        found = matches(contents, combination)
        if not found:
            gaps.append(Gap(combination))
        elif len(found) > 1:
            places = tuple(index for index, each in enumerate(contents) if any(each is one for one in found))
            clashes.setdefault(places, Clash(combination, places))
    return gaps, list(clashes.values())


def choose(
    contents: Iterable[C], segment: str | None, language: str | None, arm: str | None, languages: Sequence[str] = ()
) -> C | None:
    """The content that a customer reads; None when there is none for her.

    Args:
        language: hers, `de-AT`; it need not be one of the campaign.
        languages: those of the campaign, the fall-back first.
    """
    found = matches(contents, Combination(segment, spoken(language, languages), arm))
    return found[0] if found else None
