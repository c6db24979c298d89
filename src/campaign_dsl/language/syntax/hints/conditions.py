"""Turns of phrase of conditions, which stand in many clauses."""

from __future__ import annotations

import re

from campaign_dsl.language.syntax.hints.turns import rewrite

_FIGURES = {
    "total": "sum", "max": "largest", "maximum": "largest", "highest": "largest", "min": "smallest",
    "minimum": "smallest", "lowest": "smallest", "avg": "average", "mean": "average",
}  # fmt: skip
_WINDOW = r"(?=\s+(?:in last|in the last|since|ever|before|after|until|between|this|last)\b)"


def _more_than(match: re.Match[str]) -> str:
    return f"at least {int(match[1]) + 1} times"


def _coming(match: re.Match[str]) -> str:
    if match[1].startswith("birth"):
        return f"anniversary of birth_date in next {match[2]} calendar days"
    return f"{match[1]} between today and {match[2]} calendar days from now"


def _exactly(match: re.Match[str]) -> str:
    return f"unchanged for {int(match[1]) * {'week': 7, 'month': 30, 'year': 365, 'day': 1}[match[2]]} days"


def _hour(match: re.Match[str]) -> str | None:
    return f"time of day {match[1]} {int(match[2]):02d}:00" if int(match[2]) < 24 else None


CONDITIONS = (
    # clocks
    rewrite("", r"\btime +of +day +in +(?=\")", "time of day in zone "),
    rewrite("", r"\bday +of +week +in +(?=\"[A-Z]\w+/)", "day of week in zone "),
    rewrite("", r"\bhour +of +(?:now|occurred_at) *([<>=!]+) *([0-9]{1,2})\b", _hour),
    # events
    rewrite("", r"\bnever +(?:did +)?(\w+)" + _WINDOW, r"did not \1"),
    rewrite("", r"\bnever +(?:did +)?(\w+)", r"did not \1 ever"),
    rewrite("", r"\bmore +than +([0-9]{1,6}) +times?\b", _more_than),
    rewrite("", r"\b(?:number|count) +(?:of +)?(\w+)" + _WINDOW, r"count of \1"),
    rewrite("", rf"\b({'|'.join(_FIGURES)}) +of +(?=\w+\.)", lambda match: f"{_FIGURES[match[1]]} of "),
    rewrite("", r"\bfirst +(\w+)" + _WINDOW, r"first did \1"),
    rewrite("", r"\b(stopped|resumed) +(?!doing\b)(\w+)", r"\1 doing \2"),
    rewrite("", r"\bdoing +(\w+) +(?:every|each) +(week|month|year)\b", r"doing \1 in each of last 6 calendar \2s"),
    rewrite("", r"\bthen +(?:not|never|without) +", "then no "),
    rewrite("", r"\byesterday\b", "1 calendar day ago"),
    # profile
    rewrite("", r"\bredeemed +(?!offer\b)(\w+)", r"redeemed offer \1"),
    rewrite("", r"\breceived +(?!offer\b|campaign\b)(\w+)", r"received campaign \1"),
    rewrite("", r"\b(un)?subscribed +(?!to\b|from\b)(\w+)",
            lambda match: f"unsubscribed from {match[2]}" if match[1] else f"subscribed to {match[2]}"),
    rewrite("", r"\b(opened|clicked|was sent) +(?:message +)?(?!any\b|message\b)(\w+)" + _WINDOW,
            r"\1 message \2 of campaign NAME", "messages belong to campaigns"),
    rewrite("", r"\b(resumed doing .+?)\s*$", r"\1 after 180 days", "how long a pause it was is not said"),
    # lists
    rewrite("", r"\bcontains +(any|all|none) *(?=\[)", r"contains \1 of "),
    rewrite("", r"\b(any|all|none) +(?!of\b)(\w+) +(?=where\b)", r"\1 of \2 "),
    # all customers
    rewrite("", r"\bin +(?=(?:top|bottom) +[0-9])", ""),
    rewrite("", r"\b(?:in +)?random +([0-9.]+) *%", r'in random sample of \1% salt "spring"'),
    rewrite("", r"\bsample +of +([0-9.]+) *%\s*$", r'sample of \1% salt "spring"'),
    # days
    rewrite("", r"\bbirthday +(?=today\b)", "anniversary of birth_date "),
    rewrite("", r"\banniversary +of +(\w+) +in +([0-9]{1,4}) +(?:calendar +)?days?\b",
            r"anniversary of \1 in next \2 calendar days"),
    rewrite("", r"\b(\w+) +in +(?:the +)?next +([0-9]{1,4}) +(?:calendar +)?days?\b", _coming),
    rewrite("", r"\b(\w+_(?:on|date)) +in +(?:the +)?last +([0-9]{1,4}) +(?:calendar +)?days?\b",
            r"\1 >= \2 calendar days ago"),
    rewrite("", r"\b(\w+_at) +in +(?:the +)?last +([0-9]{1,4}) +days?\b", r"\1 >= \2 days ago"),
    rewrite("", r"\bunchanged +for +([0-9]{1,4}) +(?:calendar +)(day|week|month|year)s?\b", _exactly,
            "how long something has not changed is an exact length"),
    # places
    rewrite("", r"\bin +geofence\b", "inside geofence"),
    rewrite("", r"\b(within +[0-9.]+ *)kilomet(?:er|re)s?\b", r"\1 km"),
    rewrite("", r"\b(within +[0-9.]+ *)met(?:er|re)s?\b", r"\1 m"),
)  # fmt: skip
"""Looked for in every clause, and only said where the clause then reads."""
