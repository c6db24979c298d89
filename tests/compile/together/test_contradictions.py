"""What folds to nobody and to everyone, and what must not."""

from __future__ import annotations

import pytest
from small_world import CATALOG, typed
from warehouse import dialect

from campaign_dsl.compile.together.atoms import Asked, Clock, Normal, normalised
from campaign_dsl.compile.together.formula import Everyone, Nobody
from campaign_dsl.language.ir.campaign import ZoneRule

CLOCK = Clock(ZoneRule(None, "America/New_York"), "feb_28")
OTHER = Clock(ZoneRule(None, "Asia/Tokyo"), "feb_28")


def normal(*texts: str, clocks: tuple[Clock, ...] = ()) -> Normal:
    asked = []
    for number, text in enumerate(texts):
        predicate, problems = typed(text)
        assert predicate is not None, (text, problems)
        asked.append(Asked(text, predicate, clocks[number] if clocks else CLOCK))
    return normalised(asked, CATALOG.customers.key, dialect())


@pytest.mark.parametrize(
    "text",
    [
        "points > 5 and points < 3",
        "points > 5 and points <= 5",
        "points = 3 and points != 3",
        "points between 1 and 3 and points > 3",
        "points is missing and points > 3",
        "points > 5 and not (points > 3)",
        'note = "a" and note in ["b", "c"]',
        'note < "a" and note > "b"',
        "tier = gold and tier = silver",
        "tier >= gold and tier < gold",
        "flag and not flag",
        "flag and flag = false",
        "price > 1.5 and price < 1.50",
        "born > 2000-01-01 and born < 2000-01-01",
        "age >= 18 and age < 18",
        "did purchase in last 7 days and did not purchase in last 90 days",
        "did purchase at least 3 times in last 7 days and did not purchase ever",
        "did purchase at least 3 times in last 7 days and did purchase at most 2 times in last 7 days",
        "recency of purchase <= 3 and did not purchase in last 90 days",
        "recency of purchase > 30 and did purchase in last 1 week",
        "count of purchase in last 7 days = 2 and did purchase at least 3 times in last 7 days",
        "sum of purchase.amount in last 7 days > 5 and sum of purchase.amount in last 7 days <= 5",
        "note = \"a\" and (points > 5 and points < 3 or flag and not flag)",
    ],
)  # fmt: skip
def test_nobody(text: str) -> None:
    found = normal(text)
    assert isinstance(found.audiences[0].formula, Nobody)
    assert found.atoms == ()


@pytest.mark.parametrize(
    "text",
    [
        "points > 5 or not (points > 5)",
        "did purchase at least 1 times in last 7 days or did not purchase in last 7 days",
        "count of purchase in last 7 days >= 0",
        "did purchase at most 2 times ever or did purchase at least 3 times ever",
    ],
)
def test_everyone(text: str) -> None:
    assert isinstance(normal(text).audiences[0].formula, Everyone)


@pytest.mark.parametrize(
    "text",
    [
        "points > 5 or points <= 5",  # not those without points
        "tier >= gold or tier < gold",  # not those whose word nobody knows
        "points is missing or points > 5 or points <= 5",
        "not (points > 5) and not (points <= 5)",  # those without points
        "not (tier >= gold) and not (tier < gold) and tier is known",
        "points > 5 and big < 3",
        "did purchase in last 90 days and did not purchase in last 7 days",
        "did purchase where gift in last 7 days and did not purchase where not gift in last 7 days",
        "did purchase in last 7 days and did not visit in last 7 days",
        "recency of purchase >= 3 and did purchase in last 90 days",
        "sum of purchase.amount ever > 5 and sum of purchase.amount in last 7 days <= 5",
        'seen > 2026-01-01 and seen < 2026-01-01 12:00',  # a local day beside an instant
    ],
)  # fmt: skip
def test_neither(text: str) -> None:
    assert not isinstance(normal(text).audiences[0].formula, Nobody | Everyone)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("did purchase in last 90 days", "count of purchase in last 90 days >= 1"),
        ("did purchase in last 90 days", "0 < count of purchase in last 90 days"),
        ("did not purchase in last 90 days", "count of purchase in last 90 days < 1"),
        ("recency of purchase < 90", "did purchase in last 90 days"),
        ("recency of purchase <= 89", "did purchase after 90 days ago"),
        ("points > 5", "5 < points"),
        ("sum of purchase.amount ever >= 5", "5 <= sum of purchase.amount ever"),
    ],
)
def test_what_means_the_same_is_one_atom(one: str, other: str) -> None:
    found = normal(one, other)
    assert len(found.atoms) == 1
    assert found.users == ((one, other),)


def test_clocks_keep_apart_only_what_depends_on_them() -> None:
    both = "age >= 18 and points > 5 and did purchase in last 3 calendar days and did purchase in last 3 days"
    found = normal(both, both, clocks=(CLOCK, OTHER))
    assert [atom.clock for atom in found.atoms] == [CLOCK, None, CLOCK, None, OTHER, OTHER]
