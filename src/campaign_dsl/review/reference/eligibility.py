"""Who is due, and what stops them before anything is counted: the first part of the funnel.

matched audience -> behavior -> not excluded -> not suppressed -> consent -> not held out
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Attribute
from campaign_dsl.review.reference.chance import BUCKETS, bucket, drawn
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.triggers import Occurrence, Period, occurrences
from campaign_dsl.review.reference.values import lower
from campaign_dsl.review.reference.world import Row, id_of


@dataclass(frozen=True)
class Candidate:
    """A customer of the audience for whom the campaign happens.

    Attributes:
        id: the customer's, as text.
        lost: the stage not reached; None for a decision.
        because: what stopped it: the exclusion, the list, the message, the limit, the cap, the budget.
        steps: numbers of the outcomes whose conditions hold.
        address: where the first message that has one goes, as suppression lists are matched.
    """

    campaign: str
    id: str
    customer: Row
    occurrence: Occurrence
    zone: str
    segment: str | None
    arm: str | None
    language: str | None
    steps: frozenset[int]
    address: str | None
    lost: str | None = None
    because: str | None = None

    @property
    def order(self) -> tuple[date, str, str]:
        """In which order limits count and budgets are spent."""
        return self.occurrence.day, self.id, self.occurrence.key


def candidates(campaign: ir.Campaign, scope: Scope, period: Period) -> Iterator[Candidate]:
    """The occurrences of a customer of the audience, each with the first of the early stages it does not reach."""
    customer = scope.customer
    segment, arm, language = segment_of(campaign, scope), arm_of(campaign, scope), language_of(campaign, scope)
    for each in occurrences(campaign, scope, period):
        inside = scope.naming(**each.rows)
        steps = frozenset(
            number
            for number, outcome in enumerate(campaign.outcomes)
            if applies(outcome.tail.condition, segment, arm, inside)
        )
        lost, because = stopped(campaign, scope, told(campaign, steps)) or (None, None)
        yield Candidate(
            campaign=campaign.name,
            id=id_of(customer, scope.world),
            customer=customer,
            occurrence=each,
            zone=scope.clock.zone_name(customer),
            segment=segment,
            arm=arm,
            language=language,
            steps=steps,
            address=next(iter(addresses(campaign, scope)), None),
            lost=lost,
            because=because,
        )


def segment_of(campaign: ir.Campaign, scope: Scope) -> str | None:
    """The first segment that holds."""
    for each in campaign.segments:
        if each.predicate is None or scope.holds(each.predicate):
            return each.name
    return None


def arm_of(campaign: ir.Campaign, scope: Scope) -> str | None:
    """The arm of the A/B test: the weights follow each other along the hash."""
    mine = bucket(f"variant/{campaign.first_name}", id_of(scope.customer, scope.world))
    total = Fraction(0)
    for each in campaign.arms:
        total += Fraction(each.percent)
        if mine < total / 100 * BUCKETS:
            return each.name
    return None


def language_of(campaign: ir.Campaign, scope: Scope) -> str | None:
    """Of the campaign's languages the customer's; else that of which hers is a form (`de-AT`); else the first."""
    if not campaign.languages:
        return None
    wanted = scope.value(campaign.language) if campaign.language is not None else None
    if wanted is not None:
        for each in (wanted, wanted.partition("-")[0]):
            if each in campaign.languages:
                return str(each)
    return campaign.languages[0]


def applies(condition: ir.Condition | None, segment: str | None, arm: str | None, scope: Scope) -> bool:
    """Whether an outcome's condition holds. `otherwise` asks for nothing."""
    if condition is None:
        return True
    return (
        (condition.segment is None or condition.segment == segment)
        and (condition.arm is None or condition.arm == arm)
        and (condition.predicate is None or scope.holds(condition.predicate))
    )


# ------------------------------------------------------------------------------------------------------------- stages


def told(campaign: ir.Campaign, steps: frozenset[int]) -> frozenset[str]:
    """The messages that would be sent to her: of the lines of one choice only the first that holds counts."""
    names: set[str] = set()
    choices: set[int] = set()
    for number in sorted(steps):
        outcome = campaign.outcomes[number]
        if outcome.tail.choice in choices:
            continue
        if outcome.tail.choice is not None:
            choices.add(outcome.tail.choice)
        if isinstance(outcome, ir.Send):
            names.add(outcome.message)
    return frozenset(names)


def stopped(campaign: ir.Campaign, scope: Scope, messages: frozenset[str]) -> tuple[str, str] | None:
    """The first of the early stages that a customer does not reach, and what stops her.

    Args:
        messages: those that would be sent to her; whether she may get others does not matter.
    """
    for exclusion in campaign.excludes:
        if scope.holds(exclusion.predicate):
            return "not_excluded", exclusion.says
    theirs = addresses(campaign, scope)
    for each in campaign.suppression:
        if not suppressed(each, scope).isdisjoint(theirs):
            return "not_suppressed", each.name
    for message in campaign.messages:
        if message.name in messages and not consented(message, scope):
            return "consented", message.name
    key = id_of(scope.customer, scope.world)
    if campaign.workspace_holdout is not None and drawn(ir.WORKSPACE_HOLDOUT, key, campaign.workspace_holdout):
        return "not_held_out", f"{campaign.workspace_holdout}% of the workspace"
    if campaign.holdout_percent is not None and held_out(campaign, scope):
        return "not_held_out", f"{campaign.holdout_percent}%"
    return None


def addresses(campaign: ir.Campaign, scope: Scope) -> list[str]:
    """Where messages would go, as lists are matched, the first message's first."""
    attributes = dict.fromkeys(each.address for each in campaign.messages if each.address is not None)
    known = (scope.value(each) for each in attributes)
    return [normal(each) for each in known if each is not None]


def normal(address: str) -> str:
    """An address as suppression lists are matched: without outer spaces, in lower case."""
    return lower(address.strip(" "))


def suppressed(each: ir.SuppressionList, scope: Scope) -> frozenset[str]:
    """The addresses on a list."""
    rows: Sequence[Row] = scope.world.table(each.table)
    if each.where is not None:
        column, value = each.where
        rows = [row for row in rows if row.get(column) == value]
    known = (row.get(each.address_column) for row in rows)
    return frozenset(normal(address) for address in known if address is not None)


def consented(message: ir.Message, scope: Scope) -> bool:
    """Whether a message may be sent to her, and can: marketing needs consent, and a letter an address."""
    if _needs_address(message) and message.address is not None and scope.value(message.address) is None:
        return False
    if message.purpose == "transactional":
        return True
    allowed: Attribute | None = message.consent
    if allowed is not None and scope.value(allowed) is not True:
        return False
    return message.subscription is None or scope.holds(message.subscription)


def _needs_address(message: ir.Message) -> bool:
    by_address = message.variant is not None and message.variant.identifier == "email"
    return by_address or message.type in ("email", "sms")


def held_out(campaign: ir.Campaign, scope: Scope) -> bool:
    """Whether she belongs to the share that gets nothing, to measure the effect."""
    assert campaign.holdout_percent is not None
    salt = f"holdout/{campaign.first_name}"
    return drawn(salt, id_of(scope.customer, scope.world), campaign.holdout_percent)
