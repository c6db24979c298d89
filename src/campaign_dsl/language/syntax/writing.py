"""Expressions as text again, in one layout: what messages, plans and reports quote, whatever spelling it came from."""

from __future__ import annotations

import re

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.walking import walk

_OPEN, _OR, _AND, _NOT, _TEST, _ROUNDED, _SUM, _PRODUCT, _FACTOR, _PRIMARY = range(10)
"""How tightly a form holds together; an operand that holds less tightly than its place wants parentheses.

What ends in a filter without a window is open: it takes in whatever follows.
"""
_BOUND_LAST = re.compile(r"\b(?:before|after|since|until)\b[^()]*$")
_ESCAPED = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"})


def written(node: t.Expression) -> str:
    """The text of an expression. Reading it gives an equal tree."""
    return _write(node)[0]


def _write(node: t.Expression) -> tuple[str, int]:
    match node:
        case t.Constant(kind, text):
            if kind == "text":
                return quoted(text), _PRIMARY
            if kind == "timestamp":
                return timestamp(text), _PRIMARY
            return _digits(text) if kind in ("integer", "decimal") else text, _FACTOR if text[0] == "-" else _PRIMARY
        case t.Path():
            return node.text, _PRIMARY
        case t.AnyOf(items):
            return " or ".join(_within(item, _AND) for item in items), _OR
        case t.AllOf(items):
            return " and ".join(_within(item, _NOT) for item in items), _AND
        case t.Not(item):
            return f"not {_within(item, _NOT)}", _NOT
        case t.Compare(op, left, right):
            return f"{_within(left, _ROUNDED)} {op} {_within(right, _ROUNDED)}", _TEST
        case t.Between(value, low, high, negated):
            word = "not between" if negated else "between"
            return f"{_within(value, _ROUNDED)} {word} {_within(low, _ROUNDED)} and {_within(high, _ROUNDED)}", _TEST
        case t.InList(value, items, negated):
            word = "not in" if negated else "in"
            return f"{_within(value, _ROUNDED)} {word} [{', '.join(_within(item, _SUM) for item in items)}]", _TEST
        case t.Known(value, known):
            return f"{_within(value, _ROUNDED)} is {'known' if known else 'missing'}", _TEST
        case t.TextTest(op, value, text, ignoring_case):
            tail = " ignoring case" if ignoring_case else ""
            return f"{_within(value, _ROUNDED)} {op} {_within(text, _ROUNDED)}{tail}", _TEST
        case t.Arithmetic("*" | "/" as op, left, right):
            return f"{_within(left, _PRODUCT)} {op} {_within(right, _FACTOR)}", _PRODUCT
        case t.Arithmetic(op, left, right):
            return f"{_within(left, _SUM)} {op} {_within(right, _PRODUCT)}", _SUM
        case t.InAudience(name):
            return f"in audience {name.text}", _TEST
        case t.Everyone():
            return "everyone", _TEST
        case t.Did(event, where, many, window, negated):
            words = ["did not" if negated else "did", event.text, *_filter(where), *quantity(many)]
            return " ".join((*words, _window(window))), _TEST
        case t.Aggregate(function, event, prop, where, window):
            what = event.text if prop is None else f"{event.text}.{prop.text}"
            ending = () if window is None else (_window(window),)
            # Without a window a filter goes on as far as it can, so nothing can stand behind it.
            tightness = _OPEN if window is None and where is not None else _PRIMARY
            return " ".join((f"{function} of {what}", *_filter(where), *ending)), tightness
        case _:
            return _more(node)


def _more(node: t.Expression) -> tuple[str, int]:
    match node:
        case t.Now():
            return "now", _PRIMARY
        case t.Today():
            return "today", _PRIMARY
        case t.Length():
            return _length(node), _PRIMARY
        case t.Ago():
            return _ago(node), _PRIMARY
        case t.Rounded(value, mode, digits):
            return f"{_within(value, _SUM)} round {mode} to {digits}", _ROUNDED
        case t.Call(function, value):
            return f"{function} {_within(value, _PRIMARY)}", _PRIMARY
        case t.Quintile(of):
            return f"quintile of {_within(of, _PRIMARY)}", _PRIMARY
        case t.LocalTime(what, zone):
            return what + ("" if zone is None else f" in zone {_write(zone)[0]}"), _PRIMARY
        case t.PointsIn(account):
            return f"points in {account.text}", _PRIMARY
        case t.NumberOf(items, where):
            return " ".join((f"number of {items.text}", *_filter(where))), _PRIMARY if where is None else _OPEN
        case t.Matches(value, pattern, ignoring_case, negated):
            word = "does not match" if negated else "matches"
            tail = " ignoring case" if ignoring_case else ""
            return f"{_within(value, _ROUNDED)} {word} {quoted(pattern.text)}{tail}", _TEST
        case t.ListTest(op, value, items):
            inside = ", ".join(_within(item, _SUM) for item in items)
            return f"{_within(value, _ROUNDED)} contains {op} of [{inside}]", _TEST
        case t.Empty(value, empty):
            return f"{_within(value, _ROUNDED)} is {'empty' if empty else 'not empty'}", _TEST
        case t.Quantified(op, items, where):
            return " ".join((f"{op} of {items.text}", *_filter(where))), _OPEN
        case t.Exists(name, where):
            return " ".join((f"exists {name.text}", *_filter(where))), _TEST if where is None else _OPEN
        case t.FirstDid(event, where, window):
            return " ".join(("first did", event.text, *_filter(where), _window(window))), _TEST
        case t.StoppedDoing(event, where, window):
            return " ".join(("stopped doing", event.text, *_filter(where), _window(window))), _TEST
        case t.ResumedDoing(event, where, window, gap):
            words = ("resumed doing", event.text, *_filter(where), _window(window), "after", duration(gap))
            return " ".join(words), _TEST
        case t.DoingRegularly(event, where, count, unit, calendar):
            each = f"in each of last {_length(t.Length(count, unit, calendar, span=node.span))}"
            return " ".join(("doing", event.text, *_filter(where), each)), _TEST
        case t.DidSequence(steps, window):
            return f"did ({' then '.join(step(each) for each in steps)}) {_window(window)}", _TEST
        case t.Rank(largest, percent, count, of):
            share = f"{percent.text}%" if percent is not None else str(count)
            return f"{'top' if largest else 'bottom'} {share} by {_within(of, _SUM)}", _TEST
        case t.AnniversaryTest(day, kind, length):
            when = "today" if length is None else f"in {kind} {_length(length)}"
            return f"anniversary of {day.text} {when}", _TEST
        case t.Unchanged(value, lasting):
            return f"{_within(value, _ROUNDED)} unchanged for {duration(lasting)}", _TEST
        case t.Near(place, distance, unit, latitude, longitude):
            circle = f"within {distance.text} {unit} of {latitude.text}, {longitude.text}"
            return f"{_within(place, _ROUNDED)} {circle}", _TEST
        case t.InGeofence(place, name):
            return f"{_within(place, _ROUNDED)} inside geofence {name.text}", _TEST
        case t.InStaticList(name):
            return f"in list {name.text}", _TEST
        case t.Sample(percent, salt):
            return f"in random sample of {percent.text}% salt {quoted(salt.text)}", _TEST
        case _:
            return _facet(node), _TEST


def _facet(node: t.Expression) -> str:
    """What is said of tags, offers, subscriptions, messages and campaigns of the profile."""
    match node:
        case t.HasTags("one", tags):
            return f"has tag {tags[0].text}"
        case t.HasTags(op, tags):
            return f"has {op} tag of [{', '.join(tag.text for tag in tags)}]"
        case t.HasOffer(offer):
            return f"has offer {offer.text}"
        case t.OfferHappened(verb, offer, window):
            return f"{verb} offer {offer.text} {_window(window)}"
        case t.Subscribed(conversation, subscribed):
            return f"{'subscribed to' if subscribed else 'unsubscribed from'} {conversation.text}"
        case t.MessageHappened(verb, message, campaign, channel, many, window):
            words = [verb, "any message" if message is None else f"message {message.text}"]
            words += [] if campaign is None else [f"of campaign {campaign.text}"]
            words += [] if channel is None else [f"on channel {channel.text}"]
            return " ".join((*words, *quantity(many), _window(window)))
        case t.ReceivedCampaign(campaign, many, window):
            return " ".join(("received campaign", campaign.text, *quantity(many), _window(window)))
    raise AssertionError(f"no text for {node!r}")


def step(node: t.Step) -> str:
    """One step of a sequence."""
    words = ["no"] if node.absent else []
    words += [node.event.text, *_filter(node.where)]
    words += [] if node.alias is None else ["as", node.alias.text]
    words += [] if node.within is None else ["for" if node.absent else "within", duration(node.within)]
    return " ".join(words)


def quoted(text: str) -> str:
    """A text between quotes."""
    return f'"{text.translate(_ESCAPED)}"'


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th") if n % 100 not in (11, 12, 13) else "th"
    return f"{n}{ending}"


def duration(node: t.Duration) -> str:
    """`30 days`."""
    return f"{node.count} {node.unit if node.count == 1 else node.unit + 's'}"


def _length(node: t.Length) -> str:
    unit = node.unit if node.count == 1 else f"{node.unit}s"
    return f"{node.count} {'calendar ' if node.calendar else ''}{unit}"


def _ago(node: t.Ago) -> str:
    return f"{_length(node.length)} {'from now' if node.ahead else 'ago'}"


def quantity(node: t.Quantity | None) -> tuple[str, ...]:
    """`at least 3 times`; nothing for None."""
    if node is None:
        return ()
    return (f"{node.kind} {node.count} {'time' if node.count == 1 else 'times'}",)


def _within(node: t.Expression, tightness: int) -> str:
    text, mine = _write(node)
    return text if mine >= tightness else f"({text})"


def operand(node: t.Expression) -> str:
    """The text of a value that other words follow."""
    return _within(node, _ROUNDED)


def within(node: t.Expression, joiner: str) -> str:
    """The text of a condition that `and` or `or` joins with others."""
    return _within(node, _NOT if joiner == "and" else _AND)


def _filter(where: t.Expression | None) -> tuple[str, ...]:
    if where is None:
        return ()
    text = written(where)
    # A window that has one bound would take a bound that follows for its second one, and a sum that has no window one
    # that follows for its own.
    return "where", f"({text})" if _BOUND_LAST.search(text) or _takes_a_window(where) else text


def _takes_a_window(where: t.Expression) -> bool:
    return any(
        isinstance(node, t.Aggregate) and node.window is None and node.function != "recency" for node in walk(where)
    )


def _window(window: t.Window) -> str:
    match window.kind:
        case "ever":
            return "ever"
        case "rolling" | "calendar":
            return (
                f"in last {_length(t.Length(window.count, window.unit, window.kind == 'calendar', span=window.span))}"
            )
        case "this" | "last":
            return f"{window.kind} {window.unit}"
        case "between":
            first, last = (_bound_moment(bound.moment) for bound in window.bounds)
            return f"between {first} and {last}"
    return " ".join(f"{bound.word} {_bound_moment(bound.moment)}" for bound in window.bounds)


def _bound_moment(moment: t.Moment) -> str:
    return _write(moment)[0]


def _digits(text: str) -> str:
    """A number, with underscores where it has more than four digits before the point."""
    whole, point, part = text.partition(".")
    return (f"{int(whole):_}" if len(whole.lstrip("-")) > 4 else whole) + point + part


def timestamp(text: str) -> str:
    """A day, or an instant without the `T` and without seconds that are zero."""
    day, _, clock = text.partition("T")
    return f"{day} {clock[:5]}{clock[5:].removeprefix(':00')}".rstrip()
