"""Whole turns of phrase that are said otherwise here: what to write, with the reader's own words in it.

A rewrite is only proposed when the clause reads to its end with it, or when it belongs to another clause altogether.
"""

from __future__ import annotations

import re

from campaign_dsl.language.syntax.hints.conditions import CONDITIONS
from campaign_dsl.language.syntax.hints.stop import Hint, Stop, short
from campaign_dsl.language.syntax.hints.turns import rewrite

_LENGTH = r"[0-9]+ +(?:second|minute|hour|day|week)s?"
_COUNT = r"(?:at least|at most|exactly) +[0-9]+ +times?"
_DAYS = {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thur": "thursday",
    "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday",
}  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_UNIT_WORDS = frozenset(
    f"{unit}{plural}" for unit in ("second", "minute", "hour", "day", "week", "month", "year") for plural in ("", "s")
)


def _one(event: str) -> str:
    """`purchase`, of `purchases`."""
    return event[:-1] if event.endswith("s") and not event.endswith("ss") else event


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def _counted_events(match: re.Match[str]) -> str | None:
    if match[2] in _UNIT_WORDS or int(match[1]) < 2:
        return None
    return f"{_nth(int(match[1]))} {_one(match[2])}"


def _spelled_ordinal(match: re.Match[str]) -> str | None:
    return f"{_nth(_ORDINALS.index(match[1]) + 1)} {match[2]}" if match[2] not in _UNIT_WORDS else None


def _spelled_week(match: re.Match[str]) -> str | None:
    return _ORDINALS[int(match[1]) - 1] if 1 <= int(match[1]) <= 4 else None


def _often(match: re.Match[str]) -> str:
    return f"{match[1] or 'at least'} {match[2]} {'time' if match[2] == '1' else 'times'} within {match[3]}"


def _share(match: re.Match[str]) -> str:
    percent = match[1].rstrip("0").rstrip(".") if "." in match[1] else match[1]
    whole, _, rest = percent.partition(".")
    digits = whole.rjust(3, "0")
    factor = f"{digits[:-2]}.{digits[-2:]}{rest}".rstrip("0").rstrip(".")
    return f"{match[2]} * {factor} round half up to 0"


_EVENTS = "on_clause goal_entry then_clause"
_OUTCOMES = (
    "award_clause issue_clause tag_clause untag_clause set_clause subscribe_clause unsubscribe_clause send_clause"
)
_REWRITES = (
    # how often
    rewrite("every_clause", r"^\s*([0-9]{1,6}) +(\w+)", _counted_events),
    rewrite("every_clause", rf"^\s*({'|'.join(_ORDINALS)}) +(\w+)", _spelled_ordinal),
    rewrite(
        _EVENTS,
        rf"(?:(at least|at most|exactly) +)?([0-9]+) +times? +(?:with)?in +(?:the +)?(?:last +|past +)?({_LENGTH})",
        _often,
    ),
    rewrite(_EVENTS, rf"^\s*([0-9]+) +(\w+) +(?:with)?in +({_LENGTH})",
             lambda match: f"{_one(match[2])} at least {match[1]} times within {match[3]}"),
    # days
    rewrite("every_clause", rf"\b({'|'.join(_DAYS)})\b", lambda match: _DAYS[match[1]]),
    rewrite("every_clause", r"\bweek +on +(?=\w+day\b)", ""),
    rewrite("every_clause", r"\bon +(?:the +)?([0-9]{1,2})(?:st|nd|rd|th)\b", r"on day \1"),
    rewrite("every_clause", r"\bon +the +(?=first|second|third|fourth|last)", "on "),
    rewrite("on_clause", r"^\s*(?:the +)?([0-9])(?:st|nd|rd|th)(?= +\w+day\b)", _spelled_week),
    rewrite("once_clause", r"^\s*(?:on|at)? *([0-9-]{10}) +at +", r"at \1 "),
    rewrite("once_clause", r"^\s*on +(?=[0-9-]{10} )", "at "),
    # anniversaries
    rewrite("on_clause", r"^\s*(?:her +|the +|their +)?(?:birthday|dob) *,? +at\b", "anniversary of birth_date, at"),
    rewrite("on_clause", r"^\s*(\w+_date|\w+_on) *,? +at\b", r"anniversary of \1, at"),
    rewrite("on_clause", rf", *(at +[0-9:]+) *, *({_LENGTH} +(?:before|after))", r", \2, \1"),
    rewrite("on_clause", rf"^\s*({_LENGTH} +(?:before|after)) +(anniversary +of +\w+|holiday +\w+)", r"\2, \1"),
    # codes, subscriptions, crossings
    rewrite("on_clause issue_clause", r"\b(?:promo|promotion|coupon|voucher) +code\b", "code"),
    rewrite("on_clause issue_clause", r"\bcode +(?:in|of|out of|by) +", "code from "),
    rewrite("on_clause", r"^\s*(?:unsubscription|unsubscribing|opt(?:ing)?[ _-]?out) +(?:from|of|to) +",
             "unsubscribe from "),
    rewrite("on_clause", r"^\s*unsubscribe +(?:to|of) +", "unsubscribe from "),
    rewrite("on_clause", r"^\s*(?:subscription|subscribing|opt(?:ing)?[ _-]?in) +(?:to|for) +", "subscribe to "),
    # the order of things
    rewrite(_EVENTS, rf"({_COUNT}(?: +within +{_LENGTH})?) +(where\s.+?)(?=\s+as\s+\w+\s*$|\s*$)", r"\2 \1",
             "`where` stands before how often"),
    rewrite(_EVENTS, r"(as +\w+) +(where\s.+?)\s*$", r"\2 \1", "`where` stands before `as`"),
    rewrite(_OUTCOMES, r"(\bwhen\s[^,]+?)\s*(, *(?:expires|at most|after)\b.*)$", r"\2 \1",
             "options stand before `when`"),
    rewrite(_OUTCOMES, r"(\bas +\w+)\s*(, *(?:expires|at most|after) [^,]*?)(?=\s+when\b|\s*$)", r"\2 \1",
             "options stand before `as`"),
    # outcomes
    rewrite("award_clause", r"([0-9]+(?:\.[0-9]+)?) *% +of +(\w+(?:\.\w+)*)", _share),
    rewrite("award_clause", r"\bround(?:ed)? *\( *([\w.* +-]+?) *\)", r"(\1) round half up to 0"),
    rewrite("award_clause", r"\bround(?:ed)?(?: +(?:half +)?(?:up|down|to +[0-9]))?(?= +points)", "round half up to 0",
             "rounding says in which direction, and to how many digits"),
    rewrite("award_clause", r"\bfrom +(\w+) +to +(\w+)", r"to \2 source \1"),
    rewrite("award_clause", r"\b([0-9]+(?:\.[0-9]+)?) *x +(?=points)",
             r"event.amount * \1 round half up to 0 ", "points are a number or a formula"),
    rewrite("send_clause", r"^\s*(?:an? +|the +)?(?:e-?mail|sms|push|message|text|notification) +(?=\w)", ""),
    rewrite("record_clause", r" *, *(?=\w+ *=)", " and "),
    rewrite("then_clause", r"^\s*(?:not|never|without|did not) +", "no "),
    rewrite("limit_clause", r"\bper +(?:lifetime|campaign|person|member)\b", "ever"),
    # hours
    rewrite("quiet_clause", r"\bbetween +(\S+) +and +", r"from \1 to "),
)  # fmt: skip


def rewrites(stop: Stop) -> Hint | None:
    """The turns of phrase above, and those of conditions."""
    for each in (*_REWRITES, *CONDITIONS):
        if each.starts and stop.start not in each.starts:
            continue
        for match in each.pattern.finditer(stop.text):
            if not match.start() - 1 <= stop.at <= match.end() + 1:
                continue
            by = each.by(match)
            if by is None or not stop.mended_wholly(*match.span(), by):
                continue
            if not by.strip():
                return Hint(*_trimmed(stop.text, *match.span()), "delete it")
            whole = " ".join(f"{stop.text[: match.start()]} {by} {stop.text[match.end() :]}".split()).replace(" ,", ",")
            return Hint(*_different(stop.text, match, by), f"write `{_quoted(stop, by, whole)}`", each.why)
    return None


def _quoted(stop: Stop, by: str, whole: str) -> str:
    """The whole clause where it is short, else only what changes."""
    clause = stop.clause(whole) if stop.start != "goal_entry" else f"{stop.keyword} {whole}"
    condition = stop.start in ("where_clause", "exclude_clause", "segment_entry")
    return clause if len(clause) <= 78 and not condition else " ".join(by.strip(" ,").split())


def _different(text: str, match: re.Match[str], by: str) -> tuple[int, int]:
    """The words of what is written that are not in what is to be written, at the same place."""
    start, end = _trimmed(text, *match.span())
    words, meant = [*re.finditer(r"\S+", text[start:end])], by.split()
    first, behind = 0, 0
    while first < min(len(words), len(meant)) and words[first][0] == meant[first]:
        first += 1
    while behind < min(len(words), len(meant)) - first and words[-1 - behind][0] == meant[-1 - behind]:
        behind += 1
    rest = words[first : len(words) - behind]
    rest = rest or words[max(first - 1, 0) : first]  # something is missing behind it
    return (start + rest[0].start(), start + rest[-1].end()) if rest else (start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def other_clause(stop: Stop) -> Hint | None:
    """What is a clause of its own, or another one, behind `on` and `every`."""
    short_unit = re.search(r"\b(?:second|minute|hour)s?\b", stop.text)
    if stop.start == "every_clause" and short_unit is not None and "where" not in stop.text:
        return Hint(*short_unit.span(), "write `every day at 09:00`, or `on` and the event", "a schedule goes by days")
    if stop.start == "on_clause" and stop.found in ("or", "and") and re.fullmatch(r"\s*\w+\s*", stop.text[: stop.at]):
        first, second = stop.text[: stop.at].strip(), short(stop.text[stop.end :].strip())
        help = f"write `on {second}` on a line of its own: either makes it happen"
        if stop.found == "and":
            help = f"write `all of {{`, then `{first}` and `{second}` each on a line of its own, and `}}`"
        return Hint(stop.at, stop.end, help, "`on` takes one event")
    if stop.start == "on_clause" and re.match(r"\s*every\b", stop.text):
        start = stop.text.index("every")
        body = short(stop.text[start:])
        return Hint(start, start + 5, f"write `{body}`, without `on`", "`every` begins a clause of its own")
    moment = re.match(r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?:(?: +at +|[ T])([0-9]{2}:[0-9]{2}))?\s*$", stop.text)
    if stop.start == "on_clause" and moment is not None:
        help = f"write `once at {moment[1]} {moment[2] or '09:00'}`"
        return Hint(moment.start(1), moment.end(), help, "a single day is no `on`")
    return None


def events_of_goals(stop: Stop) -> Hint | None:
    """`on purchase` as a part of `all of`, `no purchase` as a step, and parts that are joined by `and`."""
    if stop.start != "goal_entry":
        return None
    if stop.keyword in ("on", "every") and stop.found:
        return Hint(stop.at, stop.end, f"write `{short(stop.text)}`, without `{stop.keyword}`",
                    "a part of a goal begins with its event")  # fmt: skip
    if stop.keyword in ("no", "not") and stop.found:
        return Hint(stop.at, stop.end, "write `then no ...`", "each step after the first begins with `then`")
    if stop.found in ("and", "or", ",") and "where" in stop.expected:
        return Hint(stop.at, stop.end, "put each event on a line of its own, in `all of { ... }` or `any of { ... }`")
    return None


def times_missing(stop: Stop) -> Hint | None:
    """Schedules that do not say when, or counted weeks without a first day."""
    if stop.start not in ("every_clause", "once_clause", "on_clause"):
        return None
    body = " ".join(stop.text.split())
    if stop.start == "once_clause" and (match := re.fullmatch(r"(?:at |on )?([0-9-]{10})", body)):
        at = stop.text.index(match[1])
        return Hint(at, at + 10, f"write at what time, as in `{stop.clause(f'at {match[1]} 09:00')}`")
    if not stop.at_end:
        return None
    end = len(stop.text.rstrip())
    if stop.start == "every_clause" and "from" in stop.expected and stop.mended_wholly(end, end, "from 2026-01-02"):
        help = f"write from which day they are counted, as in `{stop.clause(body + ' from 2026-01-02')}`"
        return Hint(max(end - 1, 0), end, help, f"`{stop.keyword}` does not say which weeks are meant")
    if "at" in stop.expected and stop.mended_wholly(end, end, "at 09:00"):
        return Hint(max(end - 1, 0), end, f"write at what time, as in `{stop.clause(body + ' at 09:00')}`")
    return None


def days_by_name(stop: Stop) -> Hint | None:
    """`on christmas at 09:00`."""
    match = re.match(r"\s*(\w+)\s*,?\s*at\s+[0-9]", stop.text)
    if stop.start != "on_clause" or match is None or stop.expected != {"geofence"}:
        return None
    name, at = match[1], stop.text[match.end() - 1 :].strip()
    help = f"write `on holiday {name}, at {at}`, or `on anniversary of {name}, at {at}` for a date of the customer's"
    return Hint(*match.span(1), help, f"`{name}` is read as an event, which has no time of day")


def quotes_in_texts(stop: Stop) -> Hint | None:
    """`body "say "hi" to her"`: the text ends at the second quote."""
    if stop.start not in ("text_clause", "part_clause") or stop.at_end or '"' not in stop.text[: stop.at]:
        return None
    line = stop.text[: stop.at].rpartition("\n")[2]
    if '"' not in stop.text[stop.at :].split("\n")[0] or not line.rstrip().endswith('"'):
        return None
    at = stop.text.rindex('"', 0, stop.at)
    single = " or, in a template, single ones: `default('friend')`" if "{" in stop.text else ""
    return Hint(at, at + 1, 'write `\\"` for a double quote inside of a text' + single, "the text ends at this quote")
