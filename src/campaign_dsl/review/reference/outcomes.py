"""What a decision gives: which outcomes apply, how much, from when and until when, under which key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.review.reference.eligibility import Candidate
from campaign_dsl.review.reference.moments import moved
from campaign_dsl.review.reference.scope import Scope

MOST_POINTS = 1_000_000_000
"""What a formula gives at most when the author said nothing."""
BUDGETED = {"points": "points", "offer": "offers", "code": "codes", "message": "messages"}
"""The unit of budgets that an effect of a kind takes from."""


@dataclass(frozen=True)
class Effect:
    """One thing that a customer is given.

    Attributes:
        campaign: its first name.
        outcome: the identity of what is given: ``points/rewards/birthday``.
        number: the outcome's place in the campaign.
        due: when it is meant to happen: the occurrence, and the delay after it.
        at: when it happens: at T, or when it is due if it was told to wait.
        expires_at: None for good.
        amount: points.
        value: the new value of an attribute.
        properties: of a recorded event.
    """

    campaign: str
    outcome: str
    customer: str
    occurrence: str
    number: int
    due: datetime
    at: datetime
    expires_at: datetime | None = None
    amount: int | None = None
    value: Any = None
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.outcome.partition("/")[0]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The idempotency key: two effects with the same one are the same."""
        return self.campaign, self.outcome, self.customer, self.occurrence


def chosen(campaign: ir.Campaign, candidate: Candidate) -> list[int]:
    """The outcomes that give something: of the lines of one choice the first, and of one identity the first."""
    numbers: list[int] = []
    choices: set[int] = set()
    identities: set[str] = set()
    for number in sorted(candidate.steps):
        outcome = campaign.outcomes[number]
        choice, identity = outcome.tail.choice, outcome_identity(outcome)
        if choice in choices or identity in identities:
            continue
        numbers.append(number)
        identities.add(identity)
        if choice is not None:
            choices.add(choice)
    return numbers


def effects(campaign: ir.Campaign, candidate: Candidate, scope: Scope) -> list[Effect]:
    """What the decision gives, in the order of the campaign. An award of nothing is none."""
    inside = scope.naming(**candidate.occurrence.rows)
    made = (_effect(campaign, candidate, number, inside) for number in chosen(campaign, candidate))
    return [each for each in made if each is not None]


def _effect(campaign: ir.Campaign, candidate: Candidate, number: int, scope: Scope) -> Effect | None:
    outcome = campaign.outcomes[number]
    delay = timedelta(seconds=outcome.tail.delay_seconds)
    due = candidate.occurrence.due_at(zone(candidate.zone)) + delay
    at = max(scope.as_of, due) if delay else scope.as_of
    amount: int | None = None
    value: Any = None
    properties: dict[str, Any] = {}
    match outcome:
        case ir.Award():
            amount = points(outcome, scope)
            if amount is None:
                return None
        case ir.SetAttribute():
            value = scope.value(outcome.value)
            if value is None:
                return None  # what is not known replaces nothing
        case ir.RecordEvent():
            properties = {name: scope.value(given) for name, given in outcome.properties}
    life = _life(outcome)
    return Effect(
        campaign=campaign.first_name,
        outcome=outcome_identity(outcome),
        customer=candidate.id,
        occurrence=candidate.occurrence.key,
        number=number,
        due=due,
        at=at,
        expires_at=None if life is None else moved(at, timedelta(seconds=life)),
        amount=amount,
        value=value,
        properties=properties,
    )


def points(outcome: ir.Award, scope: Scope) -> int | None:
    """How many points; None when the formula gives nothing: a missing amount, zero, or less."""
    amount = scope.value(outcome.amount)
    if amount is None or amount <= 0:
        return None
    assert not isinstance(amount, Decimal) or amount == int(amount), "points are whole"
    return min(int(amount), MOST_POINTS if outcome.at_most is None else outcome.at_most)


def _life(outcome: ir.Outcome) -> int | None:
    match outcome:
        case ir.Award() | ir.Issue() | ir.IssueCode() | ir.IssueReward():
            return outcome.expires_after_seconds
        case ir.TagFor():
            return outcome.ttl_seconds
    return None


def needs(given: list[Effect]) -> dict[str, int]:
    """What a decision takes from each budget."""
    taken = dict.fromkeys(BUDGETED.values(), 0)
    for each in given:
        unit = BUDGETED.get(each.kind)
        if unit is not None:
            taken[unit] += each.amount if each.amount is not None else 1
    return taken
