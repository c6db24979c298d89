"""What holds of a customer or of a row, and what does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir.nodes.rows import EventSource
from campaign_dsl.language.ir.nodes.values import Constant, Value
from campaign_dsl.language.ir.nodes.windows import Window


@dataclass(frozen=True, slots=True)
class Always:
    """Everyone."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    items: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    items: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Negate:
    item: Predicate


@dataclass(frozen=True, slots=True)
class Compare:
    """``op``: one of ``operators.COMPARISONS``."""

    op: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Between:
    """``low <= value <= high``, or outside of it; false when any of the three is missing."""

    value: Value
    low: Value
    high: Value
    negated: bool


@dataclass(frozen=True, slots=True)
class InList:
    """The value is one of, or none of, the constants; false when it is missing."""

    value: Value
    items: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsKnown:
    value: Value


@dataclass(frozen=True, slots=True)
class TextTest:
    """``op``: one of ``operators.TEXT_TESTS``; false when either side is missing."""

    op: str
    value: Value
    text: Value
    ignoring_case: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """The text has a part that ``pattern`` describes, or has none; false when the text is missing.

    ``pattern`` is written in what all engines share: ``semantics.regexes`` has rewritten it. `.` is any character, a
    line break too; `^` and `$` are the ends of the whole text.
    """

    value: Value
    pattern: str
    ignoring_case: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class ListTest:
    """A list has any, all or none of the constants (``op``: `any`, `all`, `none`); false when the list is missing."""

    op: str
    value: Value
    items: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """A list has no element, or has some; false when the list is missing."""

    value: Value
    negated: bool


@dataclass(frozen=True, slots=True)
class Quantified:
    """``op`` (`any`, `all`, `none`) of the elements of a list satisfy ``where``; false when the list is missing."""

    op: str
    items: Value
    where: Predicate


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A boolean value is true; false when it is missing."""

    value: Value


@dataclass(frozen=True, slots=True)
class InAudience:
    """Membership of a named audience; ``predicate`` is what that name stands for, and ``span`` where that is said."""

    name: str
    predicate: Predicate
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class InStaticList:
    """The customer's key is one of ``keys``, which were read from the file of the list ``name``."""

    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A random share: ``int(md5(salt + ":" + key)[:7], 16) < percent / 100 * 2**28``."""

    percent: Decimal
    salt: str


@dataclass(frozen=True, slots=True)
class Rank:
    """Among the first by ``of``, of all customers for whom it is known; ties by customer id, the smaller first.

    Attributes:
        percent: the first ``ceil(n * percent / 100)``; or None.
        count: the first ``count``; or None.
        largest: whether the largest come first.
    """

    of: Value
    percent: Decimal | None
    count: int | None
    largest: bool


@dataclass(frozen=True, slots=True)
class AnniversaryIn:
    """The anniversary of a day lies ``first`` to ``last`` days after today (negative: before), both included."""

    day: Value
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Circle:
    """Degrees north, degrees east, and whole metres."""

    latitude: Decimal
    longitude: Decimal
    radius_m: int


@dataclass(frozen=True, slots=True)
class Within:
    """A place lies in one of the circles, as the great circle distance, rounded to whole metres, says.

    The distance is the haversine on a sphere with a radius of 6,371,008.8 m. A place whose latitude is not in -90..90
    or whose longitude is not in -180..180 lies in none.

    ``name`` is the geofence, or None when the author gave one circle.
    """

    place: Value
    circles: tuple[Circle, ...]
    name: str | None


@dataclass(frozen=True, slots=True)
class Did:
    """The number of matching rows, each id once, is between ``at_least`` and ``at_most`` (None: no ceiling)."""

    event: EventSource
    where: Predicate | None
    window: Window | None
    at_least: int
    at_most: int | None


@dataclass(frozen=True, slots=True)
class FirstDid:
    """The first matching event of all lies in the window."""

    event: EventSource
    where: Predicate | None
    window: Window


@dataclass(frozen=True, slots=True)
class Resumed:
    """A matching event in the window follows its predecessor, wherever that lies, after ``gap_seconds`` or more.

    Each id counts once, at its earliest instant.
    """

    event: EventSource
    where: Predicate | None
    window: Window
    gap_seconds: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence. The step before it is the last one that is not ``absent``.

    Attributes:
        alias: name under which later steps see its properties.
        absent: no such event may happen, for ``seconds``, which must have passed.
        seconds: how long after the step before it may happen, inclusive; None: any time. Always given when ``absent``.
    """

    event: EventSource
    where: Predicate | None
    alias: str | None
    absent: bool
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """The first step happened in the window, and each other one strictly after the one before it, in its time.

    Rows count as they are; but a row with the id of an earlier step of the same event is no other event.
    """

    steps: tuple[Step, ...]
    window: Window


Predicate = (
    Always | AnyOf | AllOf | Negate | Compare | Between | InList | IsKnown | TextTest | Matches | ListTest | IsEmpty
    | Quantified | IsTrue | InAudience | InStaticList | Sample | Rank | AnniversaryIn | Within | Did | FirstDid
    | Resumed | Sequence
)  # fmt: skip
