"""Conditions and values."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.syntax.tree.base import Constant, Duration, Name, Number, Path, Text, located


@dataclass(frozen=True, slots=True)
class Now:
    """`now`: the instant T."""

    span: Span = located()


@dataclass(frozen=True, slots=True)
class Today:
    """`today`: the calendar day at T where the customer is."""

    span: Span = located()


@dataclass(frozen=True, slots=True)
class Length:
    """`30 days`, which are 30 times 24 hours; or `30 calendar days`."""

    count: int
    unit: str
    calendar: bool = False
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Ago:
    """`90 days ago`, `3 calendar months ago`; `7 days from now` when ``ahead``."""

    length: Length
    ahead: bool = False
    span: Span = located()


Moment = Constant | Now | Today | Ago
"""An instant or a calendar day in a window."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`since 2026-01-01`. ``word``: before, after, since, until."""

    word: str
    moment: Moment
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Window:
    """When events count. ``kind``: rolling, calendar, this, last, ever, bounds, between.

    `between X and Y` has the bounds since X and until Y.
    """

    kind: str
    count: int = 0
    unit: str = ""
    bounds: tuple[Bound, ...] = ()
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Quantity:
    """`at least 3 times`. ``kind``: at least, at most, exactly."""

    kind: str
    count: int
    span: Span = located()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a or b or c`."""

    items: tuple[Expression, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class AllOf:
    """`a and b and c`."""

    items: tuple[Expression, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`."""

    item: Expression
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`, with ``op`` one of the comparison symbols."""

    op: str
    left: Expression
    right: Expression
    op_span: Span = located()
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Between:
    """`a between b and c`, or `a not between b and c`."""

    value: Expression
    low: Expression
    high: Expression
    negated: bool = False
    span: Span = located()


@dataclass(frozen=True, slots=True)
class InList:
    """`a in [b, c]`, or `a not in [b, c]`."""

    value: Expression
    items: tuple[Expression, ...]
    negated: bool = False
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Known:
    """`value is known`, or `is missing` when ``known`` is false."""

    value: Expression
    known: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class TextTest:
    """``op``: contains, does not contain, starts with, ends with."""

    op: str
    value: Expression
    text: Expression
    ignoring_case: bool = False
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``op``: ``+``, ``-``, ``*`` or ``/``."""

    op: str
    left: Expression
    right: Expression
    span: Span = located()


@dataclass(frozen=True, slots=True)
class InAudience:
    """`in audience buyers`."""

    name: Name
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Everyone:
    """`everyone`, as a predicate and as a clause."""

    span: Span = located()


@dataclass(frozen=True, slots=True)
class Did:
    """`did purchase where ... at least 3 times in last 90 days`."""

    event: Name
    where: Expression | None
    quantity: Quantity | None
    window: Window
    negated: bool = False
    span: Span = located()


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
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Rounded:
    """`amount / 3 round half up to 2`. ``mode``: one of ``ir.operators.ROUNDINGS``."""

    value: Expression
    mode: str
    digits: int
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Call:
    """`length of first_name`. ``function``: one of ``ir.operators.FUNCTIONS``."""

    function: str
    value: Expression
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Matches:
    """`email matches "@example[.]com$"`."""

    value: Expression
    pattern: Text
    ignoring_case: bool = False
    negated: bool = False
    span: Span = located()


@dataclass(frozen=True, slots=True)
class ListTest:
    """`interests contains any of ["a", "b"]`. ``op``: any, all, none."""

    op: str
    value: Expression
    items: tuple[Expression, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Empty:
    """`interests is empty`, or `is not empty`."""

    value: Expression
    empty: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any of children where age < 5`. ``op``: any, all, none."""

    op: str
    items: Path
    where: Expression
    span: Span = located()


@dataclass(frozen=True, slots=True)
class NumberOf:
    """`number of children where age < 5`: of a list, or of the rows of a related table."""

    items: Path
    where: Expression | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Exists:
    """`exists orders where status = open`."""

    name: Name
    where: Expression | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class LocalTime:
    """``what``: `time of day` or `day of week`, in a zone, which is a text or a path."""

    what: str
    zone: Constant | Path | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class FirstDid:
    """`first did purchase in last 30 days`."""

    event: Name
    where: Expression | None
    window: Window
    span: Span = located()


@dataclass(frozen=True, slots=True)
class StoppedDoing:
    """`stopped doing purchase in last 90 days`."""

    event: Name
    where: Expression | None
    window: Window
    span: Span = located()


@dataclass(frozen=True, slots=True)
class ResumedDoing:
    """`resumed doing purchase in last 30 days after 180 days`."""

    event: Name
    where: Expression | None
    window: Window
    gap: Duration
    span: Span = located()


@dataclass(frozen=True, slots=True)
class DoingRegularly:
    """`doing purchase in each of last 6 calendar months`."""

    event: Name
    where: Expression | None
    count: int
    unit: str
    calendar: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Step:
    """`add_to_cart as cart`, `no purchase where sku = cart.sku for 4 hours`: one step of a sequence."""

    event: Name
    where: Expression | None
    alias: Name | None
    absent: bool
    within: Duration | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class DidSequence:
    """`did (add_to_cart as cart then purchase within 7 days) in last 30 days`."""

    steps: tuple[Step, ...]
    window: Window
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Rank:
    """`top 10% by ...`, `bottom 1000 by ...`: ``percent`` or ``count`` is given."""

    largest: bool
    percent: Number | None
    count: int | None
    of: Expression
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Quintile:
    """`quintile of ...`."""

    of: Expression
    span: Span = located()


@dataclass(frozen=True, slots=True)
class AnniversaryTest:
    """`anniversary of birth_date in next 7 calendar days`. ``kind``: today, next, last."""

    day: Path
    kind: str
    length: Length | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """`tier unchanged for 90 days`."""

    value: Expression
    duration: Duration
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Near:
    """`home within 5 km of 42.3601, -71.0589`. ``unit``: m, km or miles."""

    place: Expression
    distance: Number
    unit: str
    latitude: Number
    longitude: Number
    span: Span = located()


@dataclass(frozen=True, slots=True)
class InGeofence:
    """`home inside geofence boston_stores`."""

    place: Expression
    name: Name
    span: Span = located()


@dataclass(frozen=True, slots=True)
class HasTags:
    """`has tag vip` (``op`` one), `has any tag of [a, b]`, `has every tag of ...`, `has no tag of ...`."""

    op: str
    tags: tuple[Name, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class PointsIn:
    """`points in rewards`."""

    account: Name
    span: Span = located()


@dataclass(frozen=True, slots=True)
class HasOffer:
    """`has offer half_price`: it is in the wallet, issued and not expired."""

    offer: Name
    span: Span = located()


@dataclass(frozen=True, slots=True)
class OfferHappened:
    """`redeemed offer half_price in last 30 days`. ``verb``: redeemed, received."""

    verb: str
    offer: Name
    window: Window
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Subscribed:
    """`subscribed to newsletter`, `unsubscribed from newsletter`."""

    conversation: Name
    subscribed: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class MessageHappened:
    """`opened message birthday_note of campaign birthday_gift in last 7 days`. ``verb``: was sent, opened, clicked."""

    verb: str
    message: Name | None
    campaign: Name | None
    channel: Name | None
    quantity: Quantity | None
    window: Window
    span: Span = located()


@dataclass(frozen=True, slots=True)
class ReceivedCampaign:
    """`received campaign birthday_gift in last 365 days`."""

    campaign: Name
    quantity: Quantity | None
    window: Window
    span: Span = located()


@dataclass(frozen=True, slots=True)
class InStaticList:
    """`in list vip`."""

    name: Name
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Sample:
    """`in random sample of 10% salt "spring"`."""

    percent: Number
    salt: Text
    span: Span = located()


Expression = (
    Constant | Path | AnyOf | AllOf | Not | Compare | Between | InList | Known | TextTest | Arithmetic | InAudience
    | Everyone | Did | Aggregate | Now | Today | Length | Ago | Rounded | Call | Matches | ListTest | Empty | Quantified
    | NumberOf | Exists | LocalTime | FirstDid | StoppedDoing | ResumedDoing | DoingRegularly | DidSequence | Rank
    | Quintile | AnniversaryTest | Unchanged | Near | InGeofence | HasTags | PointsIn | HasOffer | OfferHappened
    | Subscribed | MessageHappened | ReceivedCampaign | InStaticList | Sample
)  # fmt: skip
