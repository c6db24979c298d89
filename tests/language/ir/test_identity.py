"""What an outcome is, whatever its amount, condition and place."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from campaign_dsl.language.catalog.model import Offer
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.language.ir.nodes import Attribute, Constant
from campaign_dsl.language.source.files import SourceFile

SPAN: Span = SourceFile("gift.campaign", "award").span(0, 5)
TAIL = ir.Tail(SPAN)
FIVE = Constant(5, Type(Kind.INTEGER))
CODES = "SUMMER26"
TERMS = Offer.model_validate({"title": "Half price", "form": "percentage_off_item", "percent": 50})
EXAMPLES: dict[str, ir.Outcome] = {
    "points/rewards/birthday": ir.Award(FIVE, "rewards", "Stride points", "birthday", None, None, TAIL),
    "offer/half": ir.Issue("half", TERMS, None, TAIL),
    "code/SUMMER26": ir.IssueCode(CODES, False, None, TAIL),
    "reward/mug": ir.IssueReward("mug", "A mug", None, TAIL),
    "tag/vip": ir.TagFor("vip", None, TAIL),
    "untag/vip": ir.Untag("vip", TAIL),
    "attribute/tier": ir.SetAttribute(Attribute("tier", "tier_code", Type(Kind.TEXT)), FIVE, TAIL),
    "subscription/news": ir.Subscribe("news", True, TAIL),
    "event/celebrated": ir.RecordEvent("celebrated", (("points", FIVE),), TAIL),
    "message/note": ir.Send("note", TAIL),
}


@pytest.mark.parametrize(("identity", "each"), EXAMPLES.items(), ids=EXAMPLES)
def test_every_outcome_has_its_own(identity: str, each: ir.Outcome) -> None:
    assert outcome_identity(each) == identity
    assert outcome_identity(replace(each, tail=replace(TAIL, alias="more"))) == f"{identity}/more"


def test_no_kind_of_outcome_is_left_out() -> None:
    assert {type(each) for each in EXAMPLES.values()} == set(get_args(ir.Outcome))


@pytest.mark.parametrize("each", EXAMPLES.values(), ids=EXAMPLES)
def test_what_does_not_matter(each: ir.Outcome) -> None:
    tail = ir.Tail(SPAN, ir.Condition("segment gold", "gold", None), None, 1, 3600)
    assert outcome_identity(replace(each, tail=tail)) == outcome_identity(each)


def test_the_amount_does_not_matter() -> None:
    award = EXAMPLES["points/rewards/birthday"]
    assert isinstance(award, ir.Award)
    dearer = replace(award, amount=Constant(7, Type(Kind.INTEGER)), at_most=9, expires_after_seconds=60)
    assert outcome_identity(dearer) == outcome_identity(award)


def test_out_of_a_conversation_is_the_same_as_in() -> None:
    """Both change one thing; a campaign that does both to one customer has to say in which case which."""
    assert outcome_identity(ir.Subscribe("news", False, TAIL)) == outcome_identity(EXAMPLES["subscription/news"])
