"""The syntax tree: what a campaign file says, before any name is looked up. One tree for both spellings.

Nodes are plain and immutable. Spans are neither compared nor printed, so that two spellings of one campaign are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from campaign_dsl.language.diagnostics.model import Span


def _span() -> Span:
    return field(compare=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


# ------------------------------------------------------------------------------------------------------ expressions


@dataclass(frozen=True, slots=True)
class Name:
    """A name the author wrote."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: text, integer, decimal, date, timestamp, time or boolean; ``text`` is its canonical spelling."""

    kind: str
    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Path:
    """`country`, `customer.first_name`, `offer.title`."""

    parts: tuple[Name, ...]
    span: Span = _span()

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Now:
    """`now`: the instant T."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Today:
    """`today`: the calendar day at T where the customer is."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Length:
    """`30 days`, which are 30 times 24 hours; or `30 calendar days`."""

    count: int
    unit: str
    calendar: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Ago:
    """`90 days ago`, `3 calendar months ago`; `7 days from now` when ``ahead``."""

    length: Length
    ahead: bool = False
    span: Span = _span()


Moment = Constant | Now | Today | Ago
"""An instant or a calendar day in a window."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`since 2026-01-01`. ``word``: before, after, since, until."""

    word: str
    moment: Moment
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Window:
    """When events count. ``kind``: rolling, calendar, this, last, ever, bounds, between.

    `between X and Y` has the bounds since X and until Y.
    """

    kind: str
    count: int = 0
    unit: str = ""
    bounds: tuple[Bound, ...] = ()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantity:
    """`at least 3 times`. ``kind``: at least, at most, exactly."""

    kind: str
    count: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a or b or c`."""

    items: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AllOf:
    """`a and b and c`."""

    items: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`."""

    item: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`, with ``op`` one of the comparison symbols."""

    op: str
    left: Expression
    right: Expression
    op_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Between:
    """`a between b and c`, or `a not between b and c`."""

    value: Expression
    low: Expression
    high: Expression
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InList:
    """`a in [b, c]`, or `a not in [b, c]`."""

    value: Expression
    items: tuple[Expression, ...]
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Known:
    """`value is known`, or `is missing` when ``known`` is false."""

    value: Expression
    known: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TextTest:
    """``op``: contains, does not contain, starts with, ends with."""

    op: str
    value: Expression
    text: Expression
    ignoring_case: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``op``: ``+``, ``-``, ``*`` or ``/``."""

    op: str
    left: Expression
    right: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InAudience:
    """`in audience buyers`."""

    name: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Everyone:
    """`everyone`, as a predicate and as a clause."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Did:
    """`did purchase where ... at least 3 times in last 90 days`."""

    event: Name
    where: Expression | None
    quantity: Quantity | None
    window: Window
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`count of purchase ...`, `sum of purchase.amount ...`, `recency of purchase`.

    ``function`` is one of ``ir.operators.AGGREGATES``. Without a window for rows that have no time.
    """

    function: str
    event: Name
    property: Path | None
    where: Expression | None
    window: Window | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rounded:
    """`amount / 3 round half up to 2`. ``mode``: one of ``ir.operators.ROUNDINGS``."""

    value: Expression
    mode: str
    digits: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Call:
    """`length of first_name`. ``function``: one of ``ir.operators.FUNCTIONS``."""

    function: str
    value: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Matches:
    """`email matches "@example[.]com$"`."""

    value: Expression
    pattern: Text
    ignoring_case: bool = False
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ListTest:
    """`interests contains any of ["a", "b"]`. ``op``: any, all, none."""

    op: str
    value: Expression
    items: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Empty:
    """`interests is empty`, or `is not empty`."""

    value: Expression
    empty: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any of children where age < 5`. ``op``: any, all, none."""

    op: str
    items: Path
    where: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class NumberOf:
    """`number of children where age < 5`: of a list, or of the rows of a related table."""

    items: Path
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Exists:
    """`exists orders where status = open`."""

    name: Name
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class LocalTime:
    """``what``: `time of day` or `day of week`, in a zone, which is a text or a path."""

    what: str
    zone: Constant | Path | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class FirstDid:
    """`first did purchase in last 30 days`."""

    event: Name
    where: Expression | None
    window: Window
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class StoppedDoing:
    """`stopped doing purchase in last 90 days`."""

    event: Name
    where: Expression | None
    window: Window
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ResumedDoing:
    """`resumed doing purchase in last 30 days after 180 days`."""

    event: Name
    where: Expression | None
    window: Window
    gap: Duration
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DoingRegularly:
    """`doing purchase in each of last 6 calendar months`."""

    event: Name
    where: Expression | None
    count: int
    unit: str
    calendar: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Step:
    """`add_to_cart as cart`, `no purchase where sku = cart.sku for 4 hours`: one step of a sequence."""

    event: Name
    where: Expression | None
    alias: Name | None
    absent: bool
    within: Duration | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class DidSequence:
    """`did (add_to_cart as cart then purchase within 7 days) in last 30 days`."""

    steps: tuple[Step, ...]
    window: Window
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rank:
    """`top 10% by ...`, `bottom 1000 by ...`: ``percent`` or ``count`` is given."""

    largest: bool
    percent: Number | None
    count: int | None
    of: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quintile:
    """`quintile of ...`."""

    of: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AnniversaryTest:
    """`anniversary of birth_date in next 7 calendar days`. ``kind``: today, next, last."""

    day: Path
    kind: str
    length: Length | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """`tier unchanged for 90 days`."""

    value: Expression
    duration: Duration
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Near:
    """`home within 5 km of 42.3601, -71.0589`. ``unit``: m, km or miles."""

    place: Expression
    distance: Number
    unit: str
    latitude: Number
    longitude: Number
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InGeofence:
    """`home inside geofence boston_stores`."""

    place: Expression
    name: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class HasTags:
    """`has tag vip` (``op`` one), `has any tag of [a, b]`, `has every tag of ...`, `has no tag of ...`."""

    op: str
    tags: tuple[Name, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PointsIn:
    """`points in rewards`."""

    account: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class HasOffer:
    """`has offer half_price`: it is in the wallet, issued and not expired."""

    offer: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OfferHappened:
    """`redeemed offer half_price in last 30 days`. ``verb``: redeemed, received."""

    verb: str
    offer: Name
    window: Window
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Subscribed:
    """`subscribed to newsletter`, `unsubscribed from newsletter`."""

    conversation: Name
    subscribed: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class MessageHappened:
    """`opened message birthday_note of campaign birthday_gift in last 7 days`. ``verb``: was sent, opened, clicked."""

    verb: str
    message: Name | None
    campaign: Name | None
    channel: Name | None
    quantity: Quantity | None
    window: Window
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ReceivedCampaign:
    """`received campaign birthday_gift in last 365 days`."""

    campaign: Name
    quantity: Quantity | None
    window: Window
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InStaticList:
    """`in list vip`."""

    name: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Sample:
    """`in random sample of 10% salt "spring"`."""

    percent: Number
    salt: Text
    span: Span = _span()


Expression = (
    Constant | Path | AnyOf | AllOf | Not | Compare | Between | InList | Known | TextTest | Arithmetic | InAudience
    | Everyone | Did | Aggregate | Now | Today | Length | Ago | Rounded | Call | Matches | ListTest | Empty | Quantified
    | NumberOf | Exists | LocalTime | FirstDid | StoppedDoing | ResumedDoing | DoingRegularly | DidSequence | Rank
    | Quintile | AnniversaryTest | Unchanged | Near | InGeofence | HasTags | PointsIn | HasOffer | OfferHappened
    | Subscribed | MessageHappened | ReceivedCampaign | InStaticList | Sample
)  # fmt: skip


# ---------------------------------------------------------------------------------------------------------- clauses


@dataclass(frozen=True, slots=True)
class Text:
    """A text the author wrote, without its quotes and escapes."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or a decimal, as written but without underscores."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Duration:
    """`30 days`."""

    count: int
    unit: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Runs:
    """`runs from 2026-01-01 until 2026-12-31`; either day may be left out."""

    first: date | None
    last: date | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A named zone, or the customer's with a default."""

    zone: Text
    customer: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Misfire:
    """`misfire catch up at most 3 days`; no days are `misfire skip`."""

    catch_up_days: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Exclude:
    """Either a named audience or a predicate."""

    audience: Name | None
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Segment:
    """``where`` is None for `otherwise`."""

    name: Name
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OnAnniversary:
    """``days_before`` is negative for days after."""

    attribute: Name
    shift: Duration | None
    before: bool
    at: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OnHoliday:
    """`on holiday mothers_day in US, 3 days before, at 09:00`."""

    name: Name
    country: Name | None
    shift: Duration | None
    before: bool
    at: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every monday at 10:00`, `on second sunday of may at 09:00`.

    Attributes:
        every, unit: every so many days, weeks, months or years.
        weekdays: on which days of the week; the five working days for `weekday`.
        position: first, second, third, fourth or last of ``weekdays`` in the month; or `last` without weekdays.
        day: on which day of the month.
        month: in which month, by name.
        first: from which day it counts.
    """

    every: int
    unit: str
    weekdays: tuple[str, ...]
    position: str | None
    day: int | None
    month: str | None
    first: date | None
    at: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Once:
    """`once at 2026-11-27 09:00`."""

    moment: Constant
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class EventCondition:
    """`purchase where amount >= 100 at least 3 times within 14 days`: an event, as a trigger or as part of a goal."""

    event: Name
    geofence: Name | None
    where: Expression | None
    quantity: Quantity | None
    within: Duration | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class EveryNth:
    """`every 5th purchase where amount > 0`."""

    n: int
    event: Name
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OnCode:
    """`on code SUMMER26`, or any code of a pool."""

    code: Name
    pool: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OnSubscription:
    """`on subscribe to newsletter`, `on unsubscribe from newsletter`."""

    conversation: Name
    subscribed: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OnCrossing:
    """`on entering audience lapsed`, `on leaving geofence boston_stores`. ``what``: audience or geofence."""

    what: str
    name: Name
    entering: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Group:
    """`all of within 30 days { ... }`, `any of { ... }`."""

    all: bool
    within: Duration | None
    parts: tuple[EventCondition | Group, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class SequenceBlock:
    """`sequence within 7 days { ... }`."""

    within: Duration | None
    steps: tuple[Step, ...]
    span: Span = _span()


Trigger = (
    OnAnniversary | OnHoliday | Schedule | Once | EventCondition | EveryNth | OnCode | OnSubscription | OnCrossing
    | Group | SequenceBlock
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` in ``every`` units; ``unit`` `ever` for the whole life of the campaign."""

    count: int
    every: int
    unit: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """`1_000_000 offers approved by "cmo@shop.example"` in a `budget`."""

    amount: int
    unit: str
    approved_by: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Condition:
    """`when segment gold`, `when variant a`, `when` any predicate, or `otherwise` when all three are None."""

    segment: Name | None
    variant: Name | None
    where: Expression | None
    span: Span = _span()


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
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Issue:
    """`issue offer half_price, expires after 14 days`. ``what``: offer, code, pool (`code from`), reward."""

    what: str
    name: Name
    tail: Tail
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TagFor:
    """`tag birthday_gift for 30 days`; without a duration for good."""

    tag: Name
    ttl: Duration | None
    tail: Tail
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Untag:
    """`untag birthday_gift`."""

    tag: Name
    tail: Tail
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class SetTo:
    """`set tier to gold`."""

    name: Name
    value: Expression
    tail: Tail
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Subscription:
    """`subscribe to newsletter`, `unsubscribe from newsletter`."""

    conversation: Name
    subscribed: bool
    tail: Tail
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Assignment:
    """`store = event.store` in a `record`."""

    name: Name
    value: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Record:
    """`record sweepstake_entry with store = event.store and source = "app"`."""

    event: Name
    assignments: tuple[Assignment, ...]
    tail: Tail
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Send:
    """`send birthday_note`."""

    message: Name
    tail: Tail
    span: Span = _span()


Outcome = Award | Issue | TagFor | Untag | SetTo | Subscription | Record | Send


@dataclass(frozen=True, slots=True)
class FirstOf:
    """`first of { ... }`: the first line whose condition holds is given."""

    lines: tuple[Outcome, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Via:
    """`via braze variant birthday_triggered`."""

    provider: Name
    variant: Name | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quiet:
    """None and None for `none`."""

    start: Text | None
    end: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of `settings` or of `data`: a name and a text."""

    name: Name
    value: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PropertyOf:
    """A line of `properties`: `first_name customer.first_name else "friend"`, or a constant."""

    name: Name
    path: Path | None
    fallback: Constant | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Languages:
    """`languages en, de, fr`; the first is the fall-back."""

    codes: tuple[Name, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Part:
    """`subject "..."`, `body file "content/x.html"`. ``kind``: text, file or mjml."""

    name: Name
    kind: str
    value: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Content:
    """`content for segment gold, language de, variant a { ... }`."""

    segment: Name | None
    language: Name | None
    variant: Name | None
    parts: tuple[Part, ...]
    template: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Variant:
    """A line of `variants`: `a 50%`."""

    name: Name
    percent: Number
    span: Span = _span()


# ----------------------------------------------------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True)
class Audience:
    """The audience block of a campaign, or a named audience of the workspace."""

    name: Name | None
    where: Expression | None
    everyone: bool
    excludes: tuple[Exclude, ...] = ()
    suppress: tuple[Name, ...] = ()
    segments: tuple[Segment, ...] = ()
    holdout: Number | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Behavior:
    """The block `behavior`: what makes a campaign happen for a customer, and how often."""

    triggers: tuple[Trigger, ...]
    progress: bool
    limits: tuple[Limit, ...]
    budget: tuple[BudgetItem, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Message:
    """A block `message`: through whom it goes, when it may, and what it says."""

    name: Name
    type: Name
    via: Via | None
    conversation: Name | None
    purpose: Name | None
    display: Name | None
    quiet: Quiet | None
    expires: Duration | None
    visible: Duration | None
    seeds: tuple[Name, ...]
    settings: tuple[Setting, ...]
    properties: tuple[PropertyOf, ...]
    contents: tuple[Content, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A block `campaign`, as it is written."""

    name: Name
    title: Text | None
    kind: Name | None
    owner: Text | None
    priority: Number | None
    runs: Runs | None
    review: Constant | None
    timezone: TimeZone | None
    leap_day: Name | None
    misfire: Misfire | None
    languages: Languages | None
    quiet: Quiet | None
    formerly: tuple[Name, ...]
    data: tuple[Setting, ...]
    audience: Audience | None
    variants: tuple[Variant, ...]
    behavior: Behavior | None
    outcomes: tuple[Outcome | FirstOf, ...]
    messages: tuple[Message, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class File:
    """Everything one file declares."""

    campaigns: tuple[Campaign, ...] = ()
    audiences: tuple[Audience, ...] = ()
