"""Conditions and values in plain English.

They are said from the syntax tree: that is where a tag is still a tag, and a subscription a subscription.
"""

from __future__ import annotations

from campaign_dsl.language.ir.operators import ARITHMETIC, FUNCTIONS, PATTERN_TESTS, ROUNDINGS, TEXT_TESTS
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.review.explain.words import a, code, counted, duration, either, moment, plain, times, words

_COMPARE = {"=": "is", "!=": "is known and is not", "<": "<", "<=": "at most", ">": ">", ">=": "at least"}


def condition(node: t.Expression) -> str:
    """What has to hold, as the rest of a sentence about one customer (or one event)."""
    match node:
        case t.AllOf(items):
            return "; and ".join(_part(item) for item in items)
        case t.AnyOf(items):
            return "either " + ", or ".join(_part(item) for item in items)
        case t.Not(item):
            return _negated(item)
        case t.Compare(op, left, right):
            return f"{value(left)} {_comparison(op, right)}"
        case t.Between(of, low, high, negated):
            inside = f"between {value(low)} and {value(high)}, both included"
            return f"{value(of)} is {'known and not ' if negated else ''}{inside}"
        case t.InList(of, items, negated):
            return f"{value(of)} is {'known and none' if negated else 'one'} of {either(map(value, items))}"
        case t.Known(of, known):
            return f"{value(of)} is {'known' if known else 'missing'}"
        case t.Empty(of, empty):
            return f"{value(of)} is {'a list without any entry' if empty else 'a list with at least one entry'}"
        case t.TextTest(op, of, text, ignoring_case):
            said = TEXT_TESTS[op].says
            return f"{value(of)} {said} {value(text)}{', in capitals or not' if ignoring_case else ''}"
        case t.Matches(of, pattern, ignoring_case, negated):
            said = PATTERN_TESTS["does not match" if negated else "matches"].says
            tail = ", in capitals or not" if ignoring_case else ""
            return f"{value(of)} {said} the pattern {code(pattern.text)}{tail}"
        case t.ListTest(op, of, items):
            kind = {"any": "at least one of", "all": "all of", "none": "none of"}[op]
            return f"{value(of)} holds {kind} {either(map(value, items), 'and')}"
        case t.Quantified(op, items, where):
            kind = {"any": "at least one", "all": "every one", "none": "none"}[op]
            return f"{kind} of {_path(items)} has this: {_part(where)}"
        case t.InAudience(name):
            return f"she belongs to the audience “{words(name.text)}”"
        case t.Everyone():
            return "any customer at all"
        case t.Path() if node.text == "goal.completed":
            return "the goal is reached"
        case t.Path() | t.Constant():
            return f"{value(node)} is true"
        case _:
            return _happened(node)


def _part(node: t.Expression) -> str:
    """A condition inside another one."""
    text = condition(node)
    return f"({text})" if isinstance(node, t.AllOf | t.AnyOf) else text


def _comparison(op: str, right: t.Expression) -> str:
    said = _COMPARE[op]
    if said in ("<", ">"):
        if _is_moment(right):
            return f"is {'before' if said == '<' else 'after'} {value(right)}"
        return f"is {'less' if said == '<' else 'more'} than {value(right)}"
    if _is_moment(right) and op in ("<=", ">="):
        return f"is {'at the latest' if op == '<=' else 'at the earliest'} {value(right)}"
    return f"{said if said.startswith('is') else 'is ' + said} {value(right)}"


def _is_moment(node: t.Expression) -> bool:
    if isinstance(node, t.Constant):
        return node.kind in ("date", "timestamp", "time")
    return isinstance(node, t.Ago | t.Now | t.Today)


_ALWAYS_KNOWN = (
    t.Did, t.FirstDid, t.StoppedDoing, t.ResumedDoing, t.DoingRegularly, t.DidSequence, t.Exists, t.HasTags, t.HasOffer,
    t.OfferHappened, t.Subscribed, t.MessageHappened, t.ReceivedCampaign, t.InAudience, t.InStaticList, t.Sample,
    t.Known,
)  # fmt: skip
_NEGATIONS = (
    ("she has the tag", "she does not have the tag"),
    ("she belongs to", "she does not belong to"),
    ("she is ", "she is not "),
    ("she was sent", "she was not sent"),
    ("she opened", "she did not open"),
    ("she clicked", "she did not click"),
    ("she got", "she did not get"),
    ("she redeemed", "she did not redeem"),
    ("she received", "she did not receive"),
    ("she has unsubscribed", "she has not unsubscribed"),
    ("there is a row", "there is no row"),
)
"""How sentences begin that have an opposite of their own."""


def _negated(node: t.Expression) -> str:
    text = _part(node)
    if not isinstance(node, _ALWAYS_KNOWN):
        return f"it is not so that {text} (also where that cannot be known)"
    for begin, opposite in _NEGATIONS:
        if text.startswith(begin):
            return opposite + text.removeprefix(begin)
    return f"it is not so that {text}"


def _happened(node: t.Expression) -> str:
    match node:
        case t.Did(event, where, many, span, negated):
            what = f"{words(event.text)}{_where(where)}"
            if negated:
                return f"there is no {what} {window(span)}"
            return f"{'' if many is None else times(many) + ' '}there is {a(what)} {window(span)}"
        case t.FirstDid(event, where, span):
            return f"her very first {words(event.text)}{_where(where)} happened {window(span)}"
        case t.StoppedDoing(event, where, span):
            return f"there is {a(words(event.text))}{_where(where)} earlier, but none {window(span)}"
        case t.ResumedDoing(event, where, span, gap):
            what = f"{words(event.text)}{_where(where)}"
            return f"{a(what)} {window(span)} came after a pause of at least {duration(gap)}"
        case t.DoingRegularly(event, where, count, unit, calendar):
            each = f"each of the last {counted(count, ('calendar ' if calendar else '') + unit)}"
            return f"there is {a(words(event.text))}{_where(where)} in {each}"
        case t.DidSequence(steps, span):
            return f"this happened in order, beginning {window(span)}: {', '.join(in_order(steps))}"
        case t.Exists(name, where):
            return f"there is a row in “{words(name.text)}”{_where(where)}"
        case t.Rank(largest, percent, count, of):
            share = f"{percent.text}% of" if percent is not None else f"{count:,}"
            return f"she is among the {'top' if largest else 'bottom'} {share} customers by {value(of)}"
        case t.AnniversaryTest(of, kind, length):
            when = "today" if length is None else f"within the {'next' if kind == 'next' else 'last'} {_length(length)}"
            return f"the anniversary of {_path(of)} is {when}"
        case t.Unchanged(of, lasting):
            return f"{value(of)} has not changed for {duration(lasting)}"
        case t.Near(place, distance, unit, latitude, longitude):
            return f"{value(place)} lies within {distance.text} {unit} of {latitude.text}, {longitude.text}"
        case t.InGeofence(place, name):
            return f"{value(place)} lies inside the geofence “{words(name.text)}”"
        case t.InStaticList(name):
            return f"she is on the list “{words(name.text)}”"
        case t.Sample(percent, salt):
            return (
                f"she is in a random {percent.text}% of all customers, always the same (drawn as “{plain(salt.text)}”)"
            )
        case _:
            return _profile(node)


def _profile(node: t.Expression) -> str:
    match node:
        case t.HasTags(op, tags):
            said = either((f"“{words(tag.text)}”" for tag in tags), "and" if op == "every" else "or")
            return f"she has {'no' if op == 'no' else 'the'} tag {said} (tags that have run out do not count)"
        case t.HasOffer(offer):
            return f"the offer “{words(offer.text)}” is in her wallet, not used and not expired"
        case t.OfferHappened(verb, offer, span):
            return f"she {verb} the offer “{words(offer.text)}” {window(span)}"
        case t.Subscribed(conversation, subscribed):
            name = words(conversation.text)
            return f"she is subscribed to “{name}”" if subscribed else f"she has unsubscribed from “{name}”"
        case t.MessageHappened(verb, message, campaign, channel, many, span):
            what = "any message" if message is None else f"the message “{words(message.text)}”"
            what += "" if campaign is None else f" of the campaign “{words(campaign.text)}”"
            what += "" if channel is None else f" by {words(channel.text)}"
            return f"she {verb} {what}{'' if many is None else ' ' + times(many)} {window(span)}"
        case t.ReceivedCampaign(campaign, many, span):
            often = "" if many is None else f" {times(many)}"
            return f"she got the campaign “{words(campaign.text)}”{often} {window(span)}"
        case _:
            return f"{value(node)} is true"


def _where(where: t.Expression | None) -> str:
    return "" if where is None else f" where {_part(where)}"


def filtered(event: t.Name, where: t.Expression | None) -> str:
    """`purchase where amount is at least 100`."""
    return f"{words(event.text)}{_where(where)}"


def in_order(steps: tuple[t.Step, ...]) -> list[str]:
    """The steps of a sequence."""
    return [f"{'then ' if number else ''}{_step(each)}" for number, each in enumerate(steps)]


def _step(node: t.Step) -> str:
    what = filtered(node.event, node.where)
    if node.absent:
        assert node.within is not None
        return f"no {what} for {duration(node.within)}"
    named = "" if node.alias is None else f" (here called “{words(node.alias.text)}”)"
    return what + named + ("" if node.within is None else f" within {duration(node.within)}")


# ----------------------------------------------------------------------------------------------------------- values


def value(node: t.Expression) -> str:
    """A value, as part of a sentence."""
    match node:
        case t.Constant(kind, text):
            return {"text": f"“{plain(text)}”"}.get(kind) or (moment(text) if kind in ("date", "timestamp") else text)
        case t.Path():
            return _path(node)
        case t.Now():
            return "now"
        case t.Today():
            return "today"
        case t.Length():
            return _length(node)
        case t.Ago(length, ahead):
            return f"{_length(length)} {'from now' if ahead else 'ago'}"
        case t.Arithmetic(op, left, right):
            return f"{_inner(left)} {ARITHMETIC[op].says} {_inner(right)}"
        case t.Rounded(of, mode, digits):
            places = "to whole numbers" if digits == 0 else f"to {counted(digits, 'digit')} after the point"
            return f"{_inner(of)} {ROUNDINGS[mode].says} {places}"
        case t.Call(function, of):
            return f"{FUNCTIONS[function].says} {_inner(of)}"
        case t.LocalTime(what, zone):
            named = "" if isinstance(zone, t.Constant) else "of "
            return f"the {what}" + ("" if zone is None else f" in the zone {named}{value(zone)}")
        case t.PointsIn(account):
            return f"the balance of points in {words(account.text)}"
        case t.NumberOf(items, where):
            return f"the number of {_path(items)}{_where(where)}"
        case t.Quintile(of):
            return f"her fifth among all customers (1 to 5, and 5 is the highest) by {value(of)}"
        case t.Aggregate():
            return _aggregate(node)
        case _:
            return f"whether {condition(node)}"


def _inner(node: t.Expression) -> str:
    text = value(node)
    return f"({text})" if isinstance(node, t.Arithmetic | t.Rounded) else text


def _aggregate(node: t.Aggregate) -> str:
    when = "" if node.window is None else f" {window(node.window)}"
    event = filtered(node.event, node.where)
    if node.property is None:
        said = f"days (of 24 hours) since the last {event}" if node.function == "recency" else None
        return f"the {said or f'number of times there is {a(event)}'}{when}"
    name = words(node.property.text.replace(".", " "))
    every = f"all {event}" if node.window is None else f"each {event}"  # rows of a table are named as several
    match node.function:
        case "distinct":
            return f"the number of different values of {name} over {every}{when}"
        case "sum":
            return f"the sum of {name} over {every}{when}"
        case "first" | "last":
            return f"the {name} of the {node.function} {event}{when}"
        case _:
            return f"the {node.function} {name} of {every}{when}"


def _path(node: t.Path) -> str:
    return words(node.text.removeprefix("customer.").replace(".", " "))


def _length(node: t.Length) -> str:
    return counted(node.count, ("calendar " if node.calendar else "") + node.unit)


def window(node: t.Window) -> str:
    """When it happened."""
    match node.kind:
        case "ever":
            return "at any time"
        case "rolling":
            hours = " (of 24 hours)" if node.unit in ("day", "week") else ""
            return f"in the last {counted(node.count, node.unit)}{hours}"
        case "calendar":
            here = "today" if node.unit == "day" else "this one"
            if node.count == 1:
                return here if node.unit == "day" else f"in this calendar {node.unit}"
            return f"in the last {counted(node.count, f'calendar {node.unit}')}, {here} included"
        case "this":
            return "today" if node.unit == "day" else f"in this calendar {node.unit}"
        case "last":
            return "yesterday" if node.unit == "day" else f"in the calendar {node.unit} before this one"
    if [bound.word for bound in node.bounds] == ["since", "until"]:
        first, last = (value(bound.moment) for bound in node.bounds)
        return f"from {first} to {last}, both included"
    return " and ".join(_bound(bound) for bound in node.bounds)


def _bound(bound: t.Bound) -> str:
    included = " (included)" if bound.word in ("since", "until") else ""
    return f"{bound.word} {value(bound.moment)}{included}"
