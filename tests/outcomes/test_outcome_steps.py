"""Steps of a plan refuse what no run could give."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from campaign_dsl.language.syntax.spec import DISPLAYS, MESSAGE_TYPES
from campaign_dsl.outcomes.code import CodeStep
from campaign_dsl.outcomes.message import MessageStep
from campaign_dsl.outcomes.offer import OfferStep
from campaign_dsl.outcomes.points import PointsStep
from campaign_dsl.outcomes.tag import TagStep

COMMON: dict[str, Any] = {"number": 0, "outcome": "points/rewards/birthday", "where": "gift.campaign:1"}
POINTS = COMMON | {"amount": 5, "account": "rewards", "account_title": "Points", "source": "birthday"}


def points(**changes: Any) -> PointsStep:
    return PointsStep(**(POINTS | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 1_000_000_001},
        {"amount": None},
        {"amount": 5, "at_most": 9},
        {"amount": None, "at_most": 0},
        {"amount": None, "at_most": 1_000_000_001},
        {"delay_seconds": -1},
        {"expires_after_seconds": 0},
        {"number": 62},
        {"outcome": "points"},
        {"outcome": "points/re wards"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_points_that_cannot_be(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        points(**changes)


def test_points_that_can() -> None:
    assert points().at_most is None
    assert points(amount=None, at_most=1_000_000_000).amount is None


def test_a_code_may_be_in_upper_case() -> None:
    step = CodeStep(**COMMON | {"outcome": "code/SUMMER26"}, pool="SUMMER26", single_use=False)
    assert step.outcome == "code/SUMMER26"


def test_a_tag_for_no_time_is_none() -> None:
    assert TagStep(**COMMON, tag="vip").ttl_seconds is None
    with pytest.raises(ValidationError):
        TagStep(**COMMON, tag="vip", ttl_seconds=0)


def test_an_offer_has_one_of_five_forms() -> None:
    assert OfferStep(**COMMON, offer="x", title="X", form="buy_x_get_y", terms={"buy": 2}).terms == {"buy": 2}
    with pytest.raises(ValidationError):
        OfferStep(**COMMON, offer="x", title="X", form="free")  # type: ignore[arg-type]


def test_messages_of_a_plan_have_the_types_of_the_language() -> None:
    of = {name: set(get_args(field.annotation)) for name, field in MessageStep.model_fields.items()}
    assert of["type"] == set(MESSAGE_TYPES)
    shown = next(each for each in get_args(MessageStep.model_fields["display"].annotation) if each is not type(None))
    assert set(get_args(shown)) == set(DISPLAYS)
