"""What a customer gets."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.syntax.tree.base import Duration, Name, Number, located
from campaign_dsl.language.syntax.tree.expressions import Expression


@dataclass(frozen=True, slots=True)
class Condition:
    """`when segment gold`, `when variant a`, `when` any predicate, or `otherwise` when all three are None."""

    segment: Name | None
    variant: Name | None
    where: Expression | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Tail:
    """What may follow every outcome: `, expires after 30 days, at most 5_000, after 2 hours as x when ...`."""

    expires: Duration | None = None
    at_most: Number | None = None
    delay: Duration | None = None
    alias: Name | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """`award 500 points to rewards source birthday, expires after 30 days when segment gold`."""

    amount: Expression
    account: Name
    source: Name
    tail: Tail
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Issue:
    """`issue offer half_price, expires after 14 days`. ``what``: offer, code, pool (`code from`), reward."""

    what: str
    name: Name
    tail: Tail
    span: Span = located()


@dataclass(frozen=True, slots=True)
class TagFor:
    """`tag birthday_gift for 30 days`; without a duration for good."""

    tag: Name
    ttl: Duration | None
    tail: Tail
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Untag:
    """`untag birthday_gift`."""

    tag: Name
    tail: Tail
    span: Span = located()


@dataclass(frozen=True, slots=True)
class SetTo:
    """`set tier to gold`."""

    name: Name
    value: Expression
    tail: Tail
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Subscription:
    """`subscribe to newsletter`, `unsubscribe from newsletter`."""

    conversation: Name
    subscribed: bool
    tail: Tail
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Assignment:
    """`store = event.store` in a `record`."""

    name: Name
    value: Expression
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Record:
    """`record sweepstake_entry with store = event.store and source = "app"`."""

    event: Name
    assignments: tuple[Assignment, ...]
    tail: Tail
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Send:
    """`send birthday_note`."""

    message: Name
    tail: Tail
    span: Span = located()


Outcome = Award | Issue | TagFor | Untag | SetTo | Subscription | Record | Send


@dataclass(frozen=True, slots=True)
class FirstOf:
    """`first of { ... }`: the first line whose condition holds is given."""

    lines: tuple[Outcome, ...]
    span: Span = located()
