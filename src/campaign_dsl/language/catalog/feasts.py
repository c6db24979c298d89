"""Movable feasts: the days on which a holiday of the catalog is celebrated.

The calendar of countries is the `holidays` library's, rules and Easter are `dateutil`'s. Both are loaded only where a
catalog has holidays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from campaign_dsl.language.catalog.places import Holiday, HolidayDay, HolidayRule
from campaign_dsl.language.diagnostics.suggest import did_you_mean

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years for which days can be asked for."""
_SAMPLE = (1972, 1999)
"""A whole cycle of weekdays and leap years: what does not happen in it, or twice in a year of it, is a mistake."""
_NAMES = (2020, 2030)
"""A name that no year of these has is not in the calendar."""
_END_OF_TIME = 8000
"""The sample, so many years later (whole cycles of 400), ends with the last year there is: the search for a day that
does not exist ends there too."""

_VALUES = {
    "FREQ": r"YEARLY",
    "INTERVAL": r"1",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
    "BYMONTH": r"(0?[1-9]|1[0-2])(,(0?[1-9]|1[0-2]))*",
    "BYMONTHDAY": r"[+-]?(0?[1-9]|[12][0-9]|3[01])(,[+-]?(0?[1-9]|[12][0-9]|3[01]))*",
    "BYYEARDAY": r"[+-]?[1-9][0-9]{0,2}(,[+-]?[1-9][0-9]{0,2})*",
    "BYWEEKNO": r"[+-]?[1-9][0-9]?(,[+-]?[1-9][0-9]?)*",
    "BYDAY": r"[+-]?[1-9]?[0-9]?(MO|TU|WE|TH|FR|SA|SU)(,[+-]?[1-9]?[0-9]?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYSETPOS": r"[+-]?[1-9][0-9]{0,2}",
}
"""The parts of RFC 5545 that say one day a year, without times, ends and counts."""
MAX_RRULE = 200


@dataclass(frozen=True, slots=True)
class FeastProblem:
    """Why a rule says no day.

    Attributes:
        key: of the rule's entry.
    """

    key: str
    message: str
    help: str | None


def holiday_days(entry: Holiday, country: str | None, first_year: int, last_year: int) -> tuple[date, ...]:
    """The days of a holiday from 1 January of ``first_year`` to 31 December of ``last_year``, ascending.

    At most one day a year: of a holiday of several days the first. Empty where it is not celebrated.

    Args:
        entry: of a catalog without findings.
        country: two letters; None for customers of whom none is known.
    """
    if not FIRST_YEAR <= first_year <= last_year <= LAST_YEAR:
        raise ValueError(f"years must be from {FIRST_YEAR} to {LAST_YEAR}, not {first_year} to {last_year}")
    rule = entry.rule_of(country)
    return _days(rule, country, first_year, last_year) if rule is not None else ()


def check_rule(rule: HolidayRule, country: str | None) -> Iterator[tuple[str | None, FeastProblem]]:
    """What is wrong with a rule, each with the key of the inner entry (`unless`, `instead`) it is in.

    Args:
        country: which the rule is for; None for everywhere.
    """
    for inner, day in ((None, rule), ("unless", rule.unless), ("instead", rule.instead)):
        problem = _problem(day, country) if day is not None else None
        if problem is not None:
            yield inner, problem


def _days(rule: HolidayRule, country: str | None, first_year: int, last_year: int) -> tuple[date, ...]:
    days = _day_of_years(rule, country, first_year, last_year)
    if rule.unless is not None and rule.instead is not None:
        taken = _day_of_years(rule.unless, country, first_year, last_year)
        instead = _day_of_years(rule.instead, country, first_year, last_year)
        moved = {year: instead.get(year) if taken.get(year) == day else day for year, day in days.items()}
        days = {year: day for year, day in moved.items() if day is not None}
    return tuple(days[year] for year in sorted(days))


def _day_of_years(day: HolidayDay, country: str | None, first_year: int, last_year: int) -> dict[int, date]:
    """For each year the day it is on."""
    found: dict[int, date] = {}
    for each in sorted(_all_days(day, country, first_year, last_year)):
        found.setdefault(each.year, each)
    return found


def _all_days(day: HolidayDay, country: str | None, first_year: int, last_year: int) -> list[date]:
    if day.rrule is not None:
        return _ruled(day.rrule, first_year, last_year)
    if day.easter is not None:
        from dateutil.easter import easter

        western = day.calendar == "western"
        sundays = (easter(year, 3 if western else 2) for year in range(first_year, last_year + 1))
        return [sunday + timedelta(days=day.easter) for sunday in sundays]
    whose = day.country or country
    assert day.holiday is not None
    assert whose is not None
    named = _calendar(whose, day.subdivision, day.category, first_year, last_year)
    return [each for name, each in named if name == day.holiday]


def _ruled(rule: str, first_year: int, last_year: int) -> list[date]:
    from dateutil.rrule import rrulestr

    start, end = datetime(first_year, 1, 1), datetime(last_year, 12, 31)  # noqa: DTZ001  (days have no zone)
    return [moment.date() for moment in rrulestr(rule, dtstart=start).between(start, end, inc=True)]


@lru_cache(maxsize=256)
def _calendar(
    country: str, subdivision: str | None, category: str | None, first_year: int, last_year: int
) -> tuple[tuple[str, date], ...]:
    """Names and days of a country's calendar, in English where the library has it; not of substitutes for Sundays.

    Raises:
        NotImplementedError: no such country or subdivision.
        ValueError: no such category.
    """
    import holidays

    plain = holidays.country_holidays(country, subdiv=subdivision)
    languages = getattr(plain, "supported_languages", ())
    made = holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=range(first_year, last_year + 1),
        observed=False,
        language="en_US" if "en_US" in languages else None,
        categories=(category,) if category is not None else tuple(plain.supported_categories),
    )
    return tuple((name.removesuffix(" (estimated)"), day) for day in sorted(made) for name in made.get_list(day))


# -------------------------------------------------------------------------------------------------------- findings


def _problem(day: HolidayDay, country: str | None) -> FeastProblem | None:
    if day.rrule is not None:
        return _rrule_problem(day.rrule)
    if day.holiday is not None:
        return _name_problem(day, day.holiday, country)
    return None


@lru_cache(maxsize=256)
def _rrule_problem(rule: str) -> FeastProblem | None:
    like = "write it as in `FREQ=YEARLY;BYMONTH=5;BYDAY=2SU`"
    if len(rule) > MAX_RRULE:
        return FeastProblem("rrule", f"the rule has more than {MAX_RRULE} characters", like)
    seen: set[str] = set()
    for part in rule.split(";"):
        key, _, value = part.partition("=")
        if key not in _VALUES:
            known = did_you_mean(key, _VALUES, "parts") or "parts are " + ", ".join(f"`{name}`" for name in _VALUES)
            return FeastProblem("rrule", f"`{part}` is not a part of a yearly rule", known)
        if key in seen:
            return FeastProblem("rrule", f"`{key}` is given twice", "delete one of them")
        if not re.fullmatch(_VALUES[key], value):
            said = "a feast is `FREQ=YEARLY`" if key == "FREQ" else like
            return FeastProblem("rrule", f"`{part}` cannot be read", said)
        seen.add(key)
    if "FREQ" not in seen:
        return FeastProblem("rrule", "the rule does not say how often", "begin it with `FREQ=YEARLY;`")
    if not seen & {"BYMONTHDAY", "BYYEARDAY", "BYDAY"}:
        return FeastProblem("rrule", "the rule does not say which day", like)
    try:
        days = _ruled(rule, *(year + _END_OF_TIME for year in _SAMPLE))
    except ValueError as error:
        return FeastProblem("rrule", f"the rule cannot be read: {error}", like)
    if not days:
        return FeastProblem("rrule", "there is no such day", "check month and day")
    for one, other in pairwise(days):
        if one.year == other.year:
            twice = f"in some years it is on {one.day} {one:%B} and again on {other.day} {other:%B}"
            return FeastProblem("rrule", twice, "a feast is on one day a year: say which")
    return None


def _name_problem(day: HolidayDay, name: str, country: str | None) -> FeastProblem | None:
    import holidays

    whose = day.country or country
    if whose is None:
        return FeastProblem("holiday", f"`{name}` is in the calendar of a country", "add `country: US`, or whose it is")
    key = "country" if day.country is not None else "holiday"
    countries = holidays.list_supported_countries(include_aliases=False)
    if whose not in countries:
        return FeastProblem(
            key,
            f"the `holidays` library has no calendar of `{whose}`",
            did_you_mean(whose, countries, "countries") or "give a `rrule` instead",
        )
    plain = holidays.country_holidays(whose)
    if day.subdivision is not None and day.subdivision not in plain.subdivisions:
        return FeastProblem(
            "subdivision",
            f"`{whose}` has no subdivision `{day.subdivision}`",
            did_you_mean(day.subdivision, plain.subdivisions, "subdivisions") or "delete it",
        )
    if day.category is not None and day.category not in plain.supported_categories:
        return FeastProblem(
            "category",
            f"the calendar of `{whose}` has no category `{day.category}`",
            did_you_mean(day.category, plain.supported_categories, "categories"),
        )
    known = {known for known, _ in _calendar(whose, day.subdivision, day.category, *_NAMES)}
    if name in known:
        return None
    return FeastProblem(
        "holiday",
        f"the calendar of `{whose}` has no `{name}`",
        did_you_mean(name, known, "holidays") or "look it up in the `holidays` library, or give a `rrule`",
    )
