"""Numbers, times of day, days, units and windows of time."""

from __future__ import annotations

import re
from decimal import Decimal

from campaign_dsl.language.syntax.hints.stop import Hint, Stop

_GROUPED = re.compile(r"(?<![\w.])[0-9]{1,3}(?:([,.' ])[0-9]{3})(?:\1[0-9]{3}){0,5}(?![\w])")
_SHORT_NUMBER = re.compile(r"(?<![\w.])([0-9]{1,9}(?:\.[0-9]{1,9})?)[ ]?(k|K|m|M|mio|Mio|mln|million|thousand|bn)\b")
_SCALE = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mio": 10**6, "mln": 10**6, "million": 10**6, "bn": 10**9}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18,
    "twenty": 20, "thirty": 30, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "thousand": 1000,
    "million": 1_000_000,
}  # fmt: skip


def numbers(stop: Stop) -> Hint | None:
    """`1,000`, `2M`, `three`."""
    for match in _GROUPED.finditer(stop.text):
        if match.start() <= stop.at < match.end():
            plain = re.sub(r"\D", "", match[0])
            return Hint(*match.span(), f"write `{int(plain):_}`", f"`{match[0]}` is not how a number is written here")
    for match in _SHORT_NUMBER.finditer(stop.text):
        if match.start() <= stop.at < match.end():
            number = int(float(match[1]) * _SCALE[match[2].lower()])
            return Hint(*match.span(), f"write `{number:_}`", f"`{match[0]}` is not how a number is written here")
    if "NUMBER" in stop.expected and "NAME" not in stop.expected:
        if stop.found.lower() in _NUMBERS:
            return Hint(stop.at, stop.end, f"write `{_NUMBERS[stop.found.lower()]}`")
        if stop.found == "-" and re.match(r"\s*[0-9]", stop.rest):
            return Hint(stop.at, stop.end, "write a number without a sign")
    return None


_TIME = re.compile(r"\"?\b([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?::[0-9]{2})?[ ]?(am|pm|a\.m\.|p\.m\.|AM|PM|h|o'clock)?\"?")


def times(stop: Stop) -> Hint | None:
    """`9am`, `"09:00"`, `9`."""
    wanted = "TIME" in stop.expected
    for match in _TIME.finditer(stop.text):
        if not (match.start() <= stop.at < match.end()) or not (wanted or (match[2] and match[3])):
            continue
        hour = int(match[1])
        half = (match[3] or "").lower().replace(".", "")
        if half in ("am", "pm") and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour > 23:
            return None
        return Hint(*match.span(), f"write `{hour:02d}:{match[2] or '00'}`")
    named = {"noon": "12:00", "midnight": "00:00"}.get(stop.found.lower())
    return Hint(stop.at, stop.end, f"write `{named}`") if wanted and named else None


def times_of_day(stop: Stop) -> Hint | None:
    """`on anniversary of birth_date`, at no time."""
    if stop.start == "on_clause" and stop.at_end and "," in stop.expected:
        body = " ".join(stop.text.split())
        return Hint(stop.at - 1, stop.at, f"write at what time, as in `{stop.clause(body + ', at 09:00')}`")
    return None


_DATE = re.compile(r"\"?\b([0-9]{1,4})([/.-])([0-9]{1,2})\2([0-9]{1,4})\b\"?")


def dates(stop: Stop) -> Hint | None:
    """`31/12/2026`, `2026-1-1`, `"2026-01-01"`, `January 1`."""
    order = "a day is written year-month-day, as in `2026-01-31`"
    for match in _DATE.finditer(stop.text):
        if match.start() <= stop.at < match.end():
            first, third = match[1], match[4]
            year, month, day = int(first), int(match[3]), int(third)
            if len(first) <= 2 and len(third) == 4:
                year, month, day = day, year, month  # as in the United States
                if month > 12:
                    month, day = day, month
                elif day <= 12 and month != day:
                    return Hint(*match.span(), order)  # 01/02/2026 means two days
            written = f"{year:04d}-{month:02d}-{day:02d}"
            if match[0] == written:
                return None
            sure = 4 in (len(first), len(third)) and 1 <= month <= 12 and 1 <= day <= 31
            return Hint(*match.span(), f"write `{written}`" if sure else order)
    wanted = "DATE" in stop.expected and not {"NAME", "STRING", "from"} & stop.expected
    return Hint(stop.at, stop.end, order) if wanted and stop.found[:1].isalnum() else None


def percentages(stop: Stop) -> Hint | None:
    """`holdout 5` and `holdout 0.05`."""
    match = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*", stop.text)
    if stop.start != "holdout_clause" or match is None:
        return None
    share = Decimal(match[1])
    percent = share * 100 if 0 < share < 1 else share
    return Hint(*match.span(1), f"write `{stop.clause(f'{percent.normalize():f}%')}`", "a holdout is a percentage")


def units_alone(stop: Stop) -> Hint | None:
    """`age >= 13 years`."""
    unit = re.fullmatch(r"(?:second|minute|hour|day|week|month|year)s?", stop.found)
    if unit is None or "UNIT" in stop.expected or not re.search(r"[0-9]\s*$", stop.text[: stop.at]):
        return None
    return Hint(stop.at, stop.end, "delete it: the number stands alone") if stop.mended(stop.at, stop.end, "") else None


def windows(stop: Stop) -> Hint | None:
    """Windows of time where they cannot stand, and counts that `did not` does not take."""
    if stop.found.startswith("in last") and not {"IN_LAST", "TIMES"} & stop.expected:
        figure = re.search(
            r"\b(?:sum|average|smallest|largest) of (\w+\.\w+) *[*/+-] *\w+\.\w+ *$", stop.text[: stop.at]
        )
        if figure is not None:
            help = "write the window behind each of them, or let the catalog have a property with the product"
            return Hint(*figure.span(), help, f"only `{figure[1]}` belongs to it: one property is added up, no formula")
        help = (
            "a window belongs to an event, as in `did purchase in last 30 days`; compare a date, as in `>= 2026-01-31`"
        )
        return Hint(stop.at, stop.end, help)
    if (
        stop.found in ("at least", "at most", "exactly")
        and "IN_LAST" in stop.expected
        and "AT_LEAST" not in stop.expected
    ):
        if not re.search(r"\bdid\s+not\s", stop.text[: stop.at]):
            return Hint(stop.at, stop.end, "delete it: this is asked without a number")
        help = "`did not` means not even once; to allow some write `did ... at most 1 time`"
        return Hint(stop.at, stop.end, help)
    if stop.found.startswith(("day", "week", "month", "year", "hour")) and stop.expected == {"NUMBER"}:
        return Hint(stop.at, stop.end, f"say how many, as in `30 days`: a number stands before `{stop.found}`")
    return None


def aggregates(stop: Stop) -> Hint | None:
    """`sum of purchase`, without what to add up."""
    found = re.search(r"(?:sum|average|smallest|largest)\s+of\s+(\w+)\s*$", stop.text[: stop.at])
    if stop.expected != {"."} or found is None:
        return None
    return Hint(
        *found.span(1), f"name one of its properties, as in `{found[1]}.amount`", f"`{found[1]}` is not a number"
    )
