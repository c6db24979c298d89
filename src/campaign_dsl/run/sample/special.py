"""The members of the sample world that are there on purpose: every edge case, under an id that never changes.

They do not depend on the seed, and apart from what each is there for they are unremarkable: status good, consent given,
a usable zone and address, and a birthday far from ``today``. Tests and documentation refer to them by
:data:`SPECIAL`, whose fields say what is special about each group.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

RESERVED = 200
"""Customers with numbers up to this one may be special; all others are drawn."""


def customer_id(number: int) -> str:
    """The id of customer ``number``, as in ``M0000001``."""
    return f"M{number:07d}"


def _ids(first: int, count: int) -> tuple[str, ...]:
    return tuple(customer_id(number) for number in range(first, first + count))


@dataclass(frozen=True)
class SpecialMembers:
    """Which customer ids are special, and why. Days are relative to the world's ``today``."""

    leap_day: tuple[str, ...] = _ids(1, 8)
    """Born on 29 February, in several years, zones and tiers."""
    new_years_eve: tuple[str, ...] = _ids(11, 3)
    """Born on 31 December."""
    new_years_day: tuple[str, ...] = _ids(16, 3)
    """Born on 1 January."""
    no_birth_date: tuple[str, ...] = _ids(21, 3)
    under_13: tuple[str, ...] = _ids(31, 4)
    """Aged 12, 11, 9 and 6, no birthday near."""
    turns_13_today: tuple[str, ...] = _ids(36, 3)
    """In New York, Kiritimati and Honolulu, where ``today`` starts a day apart."""
    turns_13_tomorrow: tuple[str, ...] = _ids(41, 3)
    """Still 12, in the same three zones."""

    birthday_in_a_week: tuple[str, ...] = _ids(51, 12)
    """Birthday seven days after ``today`` and nothing in the way of a gift: three zones of each tier, lowest first."""
    birthday_in_a_week_employee: str = customer_id(63)
    birthday_in_a_week_suspended: str = customer_id(64)
    birthday_in_a_week_blocked: str = customer_id(65)
    birthday_in_a_week_suppressed: str = customer_id(66)
    """The suppression list has the address in capitals and with spaces around it."""
    birthday_in_a_week_refuses_email: str = customer_id(67)
    birthday_in_a_week_consent_unknown: str = customer_id(68)
    birthday_in_a_week_turns_13: str = customer_id(69)
    """Twelve on ``today``, thirteen on the birthday."""
    birthday_in_a_week_no_first_name: str = customer_id(70)
    birthday_in_a_week_no_zone: str = customer_id(71)
    birthday_in_a_week_invalid_zone: str = customer_id(72)
    birthday_in_a_week_no_email: str = customer_id(73)
    birthday_in_a_week_hostile_name: str = customer_id(74)

    no_first_name: tuple[str, ...] = _ids(81, 3)
    suppressed_exactly: str = customer_id(91)
    suppressed_in_other_case: str = customer_id(92)
    """The list has capitals, the profile does not."""
    suppressed_with_spaces: str = customer_id(93)
    """The list has spaces around the address."""
    suppressed_in_other_case_with_spaces: str = customer_id(94)
    suppressed_twice: str = customer_id(95)
    """Listed for two reasons."""
    suppressed_with_capitals_in_profile: str = customer_id(96)
    """The profile has capitals, the list does not."""
    suppressed_with_spaces_in_profile: str = customer_id(97)
    """The profile has spaces around the address, the list does not."""
    shared_address: tuple[str, ...] = _ids(101, 2)
    """Two members, one address."""
    shared_address_in_other_case: tuple[str, ...] = _ids(103, 2)
    """Two members, one address, which the second writes with capitals."""
    no_zone: tuple[str, ...] = _ids(111, 3)
    invalid_zone: tuple[str, ...] = _ids(121, 6)
    """Two each of :data:`INVALID_ZONES`."""
    no_email: tuple[str, ...] = _ids(131, 3)
    hostile_name: tuple[str, ...] = _ids(141, 16)
    """First names from :data:`HOSTILE_NAMES`, in order."""
    employee: tuple[str, ...] = _ids(161, 3)
    suspended: tuple[str, ...] = _ids(171, 3)
    blocked: tuple[str, ...] = _ids(176, 2)
    refuses_email: tuple[str, ...] = _ids(181, 3)
    consent_unknown: tuple[str, ...] = _ids(186, 3)

    def ids(self) -> list[str]:
        """All special ids, ascending."""
        values = [getattr(self, field.name) for field in fields(self)]
        return sorted(one for value in values for one in ([value] if isinstance(value, str) else value))


SPECIAL = SpecialMembers()

INVALID_ZONES = ("America/NewYork", "Mars/Phobos", "")
HOSTILE_NAMES = (
    "Robert'); DROP TABLE customers;--",
    "<b>Ann</b>",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}",
    "${7*7}",
    "Zoë 👟🎉",
    "👩‍👩‍👧‍👦",
    "Zoe\N{COMBINING DIAERESIS}",
    '=HYPERLINK("http://evil.example")',
    "Ann\r\nBcc: everyone@example.com",
    'Anna "Ace", Jr.\\',
    "100%_sure",
    "\N{RIGHT-TO-LEFT OVERRIDE}annA",
    "NULL",
    "A" * 300,
)
"""Names that break SQL, HTML, templates, spreadsheets, mail headers, CSV, patterns, lay-outs and importers."""

_ZONES = (
    "America/New_York",
    "America/Los_Angeles",
    "Europe/London",
    "Asia/Tokyo",
    "Pacific/Auckland",
    "America/Chicago",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Honolulu",
)
_TIERS = ("member", "silver", "gold", "platinum")
_FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hal", "Ida", "Jay", "Kit", "Lea", "Max")
_LAST_NAMES = ("Archer", "Barnes", "Cooper", "Draper", "Fisher", "Glover", "Hooper")


@dataclass(frozen=True, kw_only=True)
class Member:
    """One row of the customers table. ``lives_in`` is the zone that picks country, region and language."""

    customer_id: str
    lives_in: str
    first_name: str | None
    last_name: str
    email: str | None
    birth_date: date | None
    status: str
    tier: str
    enrolled_on: date
    time_zone: str | None
    email_consent: bool | None
    is_employee: bool
    shoe_size: Decimal
    favorite_category: str


class Suppression(NamedTuple):
    """One row of the suppressions table, added at midnight UTC of ``added_on``."""

    address: str
    reason: str
    added_on: date


def years_before(day: date, years: int) -> date:
    """The same day of the year ``years`` earlier; 1 March for a 29 February the earlier year lacks."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _birth(birthday: date, age: int) -> date:
    """A birth on exactly the calendar day of ``birthday``, at least ``age`` years earlier."""
    # A 29 February needs a leap year; the wait for one is eight years at most, around 1900.
    return next(
        born
        for years in range(age, age + 9)
        if ((born := years_before(birthday, years)).month, born.day) == (birthday.month, birthday.day)
    )


def special_members(today: date) -> list[Member]:
    """The members of :data:`SPECIAL`, ascending by id.

    When ``today`` (or tomorrow, or the day a week ahead) is a 29 February nobody can turn thirteen on it, for no leap
    year is thirteen years after another; the members concerned were then born on 1 March.
    """
    members: dict[str, Member] = {}

    def add(who: str, **different: Any) -> None:
        number = int(who[1:])
        zone = different.get("lives_in", "America/New_York")
        usual: dict[str, Any] = {
            "lives_in": zone,
            "first_name": _FIRST_NAMES[number % len(_FIRST_NAMES)],
            "last_name": _LAST_NAMES[number % len(_LAST_NAMES)],
            "email": _address(who),
            # 30 to 49 years old, and 100 days from the next birthday or the last.
            "birth_date": years_before(today, 30 + number % 20) - timedelta(days=100),
            "status": "good",
            "tier": "member",
            "enrolled_on": today - timedelta(days=400),
            "time_zone": zone,
            "email_consent": True,
            "is_employee": False,
            "shoe_size": Decimal("6.0") + Decimal("0.5") * (number % 14),
            "favorite_category": "running",
        }
        members[who] = Member(customer_id=who, **(usual | different))

    leap_years = (1948, 1960, 1976, 1984, 1992, 1996, 2000, 2004)
    for n, (who, year) in enumerate(zip(SPECIAL.leap_day, leap_years, strict=True)):
        add(who, birth_date=date(year, 2, 29), lives_in=_ZONES[n], tier=_TIERS[n % 4])
    for n, who in enumerate(SPECIAL.new_years_eve):
        add(who, birth_date=date(1970 + 9 * n, 12, 31), lives_in=_ZONES[7 * n % 12], tier=_TIERS[n])
    for n, who in enumerate(SPECIAL.new_years_day):
        add(who, birth_date=date(1970 + 9 * n, 1, 1), lives_in=_ZONES[7 * n % 12], tier=_TIERS[n])
    for who in SPECIAL.no_birth_date:
        add(who, birth_date=None)
    for who, age in zip(SPECIAL.under_13, (12, 11, 9, 6), strict=True):
        add(who, birth_date=years_before(today, age) - timedelta(days=100), shoe_size=Decimal("4.0"))

    day_apart = ("America/New_York", "Pacific/Kiritimati", "Pacific/Honolulu")
    for who, zone in zip(SPECIAL.turns_13_today, day_apart, strict=True):
        add(who, birth_date=years_before(today, 13), lives_in=zone)
    for who, zone in zip(SPECIAL.turns_13_tomorrow, day_apart, strict=True):
        add(who, birth_date=years_before(today + timedelta(days=1), 13), lives_in=zone)

    in_a_week = today + timedelta(days=7)
    for n, (who, zone) in enumerate(zip(SPECIAL.birthday_in_a_week, _ZONES, strict=True)):
        add(who, birth_date=_birth(in_a_week, 20 + 3 * n), lives_in=zone, tier=_TIERS[n // 3])
    hindered: dict[str, dict[str, Any]] = {
        SPECIAL.birthday_in_a_week_employee: {"is_employee": True},
        SPECIAL.birthday_in_a_week_suspended: {"status": "suspended"},
        SPECIAL.birthday_in_a_week_blocked: {"status": "blocked"},
        SPECIAL.birthday_in_a_week_suppressed: {},
        SPECIAL.birthday_in_a_week_refuses_email: {"email_consent": False},
        SPECIAL.birthday_in_a_week_consent_unknown: {"email_consent": None},
        SPECIAL.birthday_in_a_week_turns_13: {"birth_date": years_before(in_a_week, 13)},
        SPECIAL.birthday_in_a_week_no_first_name: {"first_name": None},
        SPECIAL.birthday_in_a_week_no_zone: {"time_zone": None},
        SPECIAL.birthday_in_a_week_invalid_zone: {"time_zone": INVALID_ZONES[0]},
        SPECIAL.birthday_in_a_week_no_email: {"email": None},
        SPECIAL.birthday_in_a_week_hostile_name: {"first_name": HOSTILE_NAMES[0]},
    }
    for who, hindrance in hindered.items():
        add(who, **({"birth_date": _birth(in_a_week, 35)} | hindrance))

    for who in SPECIAL.no_first_name:
        add(who, first_name=None)
    for who in (
        SPECIAL.suppressed_exactly,
        SPECIAL.suppressed_in_other_case,
        SPECIAL.suppressed_with_spaces,
        SPECIAL.suppressed_in_other_case_with_spaces,
        SPECIAL.suppressed_twice,
    ):
        add(who)
    add(
        SPECIAL.suppressed_with_capitals_in_profile, email=_address(SPECIAL.suppressed_with_capitals_in_profile).title()
    )
    add(SPECIAL.suppressed_with_spaces_in_profile, email=f"  {_address(SPECIAL.suppressed_with_spaces_in_profile)} ")
    for who in SPECIAL.shared_address:
        add(who, email="family@example.com")
    for who, email in zip(
        SPECIAL.shared_address_in_other_case, ("couple@example.com", "Couple@Example.COM"), strict=True
    ):
        add(who, email=email)
    for who in SPECIAL.no_zone:
        add(who, time_zone=None)
    for n, who in enumerate(SPECIAL.invalid_zone):
        add(who, time_zone=INVALID_ZONES[n // 2])
    for who in SPECIAL.no_email:
        add(who, email=None)
    for who, name in zip(SPECIAL.hostile_name, HOSTILE_NAMES, strict=True):
        add(who, first_name=name)
    for who in SPECIAL.employee:
        add(who, is_employee=True)
    for who in SPECIAL.suspended:
        add(who, status="suspended")
    for who in SPECIAL.blocked:
        add(who, status="blocked")
    for who in SPECIAL.refuses_email:
        add(who, email_consent=False)
    for who in SPECIAL.consent_unknown:
        add(who, email_consent=None)
    return [members[who] for who in SPECIAL.ids()]


def special_suppressions(today: date) -> list[Suppression]:
    """The entries of the suppression list that are about members of :data:`SPECIAL`."""
    entries = [
        (f" {_address(SPECIAL.birthday_in_a_week_suppressed).upper()} ", "complaint"),
        (_address(SPECIAL.suppressed_exactly), "hard_bounce"),
        (_address(SPECIAL.suppressed_in_other_case).upper(), "complaint"),
        (f"  {_address(SPECIAL.suppressed_with_spaces)} ", "unsubscribe"),
        (f" {_address(SPECIAL.suppressed_in_other_case_with_spaces).title()}  ", "legal"),
        (_address(SPECIAL.suppressed_twice), "hard_bounce"),
        (_address(SPECIAL.suppressed_twice), "complaint"),
        (_address(SPECIAL.suppressed_with_capitals_in_profile), "complaint"),
        (_address(SPECIAL.suppressed_with_spaces_in_profile), "complaint"),
    ]
    return [Suppression(address, reason, today - timedelta(days=30)) for address, reason in entries]


def _address(who: str) -> str:
    return f"member{int(who[1:])}@example.com"
