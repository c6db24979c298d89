"""Random expressions as syntax trees: every node, with names that exist and names that do not."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from campaign_dsl.language.catalog.types import WEEKDAYS
from campaign_dsl.language.ir.operators import AGGREGATES, COMPARISONS, FUNCTIONS, LIST_TESTS, ROUNDINGS, TEXT_TESTS
from campaign_dsl.language.semantics.durations import SECONDS
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax import tree as t

SPAN = SourceFile("x.campaign", '"a place to point at"').span(0, 21)
CUSTOMER = "note sure whole count money yes born joined seen since_when tier level color home interests colors sizes"
CUSTOMER += " address children shop age tier_multiplier"
EVENTS = ["buy", "look", "open"]
PROPERTIES = "sku amount whole gift color size store shipped picked labels where_at occurred_at"
PATHS = [*CUSTOMER.split(), *PROPERTIES.split(), "it", "city", "zip", "name", "toys", "status", "total", "placed"]
PATHS += ["low", "red", "open", "nothing", "event", *WEEKDAYS]
LONG_PATHS = ["address.city", "shop.city", "shop.region.title", "store.city", "store.zone", "customer.note"]
LONG_PATHS += ["event.amount", "buy.sku", "goal.step", "goal.nothing", "a.sku", "b.amount", "it.age", "shop.place"]
NAMES = [
    *EVENTS,
    "orders",
    "stores",
    "vip",
    "half",
    "rewards",
    "news",
    "mail",
    "gift",
    "known",
    "fans",
    "nothing",
    "it",
]
UNITS = [*SECONDS, "month", "year"]


def _text(text: str) -> t.Text:
    return t.Text(text, span=SPAN)


def _path(text: str) -> t.Path:
    return t.Path(tuple(t.Name(part, span=SPAN) for part in text.split(".")), span=SPAN)


names = st.sampled_from(NAMES).map(lambda text: t.Name(text, span=SPAN))
events = st.sampled_from([*EVENTS, *EVENTS, *EVENTS, "orders", "nothing"]).map(lambda text: t.Name(text, span=SPAN))
aliases = st.sampled_from([None, "a", "b", "event", "A"]).map(lambda text: text and t.Name(text, span=SPAN))
paths = st.sampled_from([*PATHS, *LONG_PATHS]).map(_path)
properties = st.sampled_from([*PROPERTIES.split(), "store.city", "total", "placed", "nothing"]).map(_path)
listed = st.sampled_from(["children", "interests", "colors", "sizes", "labels", "toys", "orders", "buy", "note"]).map(
    _path
)
numbers = st.sampled_from(["0", "0.5", "10", "100", "-7", "42.36", "181", "25.12345"]).map(
    lambda text: t.Number(text, span=SPAN)
)
constants = st.sampled_from(
    [
        *(("text", text) for text in ("", "red", "UTC", "x.*", "Mars/Base")),
        *(("integer", text) for text in ("0", "5", "-3", "999999999999999999")),
        *(("decimal", text) for text in ("0.5", "1.000000000001", "12345678901234567.8")),
        *(("boolean", "true"), ("boolean", "false"), ("date", "2026-02-28"), ("date", "2024-02-29")),
        *(("timestamp", "2026-03-08T02:30"), ("timestamp", "2026-01-01T00:00Z"), ("time", "06:00"), ("time", "23:59")),
    ]
).map(lambda pair: t.Constant(*pair, span=SPAN))
counts = st.sampled_from([0, 1, 2, 7, 61, 40_000])
units = st.sampled_from(UNITS)
durations = st.builds(t.Duration, counts, units, span=st.just(SPAN))
lengths = st.builds(t.Length, counts, units, st.booleans(), span=st.just(SPAN))
agos = st.builds(t.Ago, lengths, st.booleans(), span=st.just(SPAN))
words = st.sampled_from([t.Now(span=SPAN), t.Today(span=SPAN)])
moments = st.one_of(constants.filter(lambda each: each.kind in ("date", "timestamp")), words, agos)
bounds = st.builds(t.Bound, st.sampled_from(["before", "after", "since", "until"]), moments, span=st.just(SPAN))
windows = st.one_of(
    st.just(t.Window("ever", span=SPAN)),
    st.builds(t.Window, st.sampled_from(["rolling", "calendar"]), counts, units, span=st.just(SPAN)),
    st.builds(t.Window, st.sampled_from(["this", "last"]), unit=units, span=st.just(SPAN)),
    st.builds(
        t.Window, st.just("bounds"), bounds=st.lists(bounds, min_size=1, max_size=2).map(tuple), span=st.just(SPAN)
    ),
)
quantities = st.none() | st.builds(
    t.Quantity, st.sampled_from(["at least", "at most", "exactly"]), counts, span=st.just(SPAN)
)
patterns = st.sampled_from(["a.c", "(a+)+", "\\d", "[", ""]).map(_text)

expressions: st.SearchStrategy[t.Expression] = st.deferred(lambda: st.one_of(*KINDS.values()))
sides = expressions | paths | constants
filters = st.none() | expressions
items = st.lists(constants | paths, max_size=3).map(tuple)
steps = st.lists(
    st.builds(t.Step, events, filters, aliases, st.booleans(), st.none() | durations, span=st.just(SPAN)),
    min_size=1,
    max_size=4,
).map(tuple)
zones = st.none() | paths | constants.filter(lambda each: each.kind == "text")


def _build(kind: type, *parts: st.SearchStrategy[object]) -> st.SearchStrategy[t.Expression]:
    return st.builds(kind, *parts, span=st.just(SPAN))


def _several(kind: type) -> st.SearchStrategy[t.Expression]:
    return _build(kind, st.lists(expressions, min_size=2, max_size=3).map(tuple))


def _word(*words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


KINDS: dict[type, st.SearchStrategy[t.Expression]] = {
    t.Constant: constants,
    t.Path: paths,
    t.Now: st.just(t.Now(span=SPAN)),
    t.Today: st.just(t.Today(span=SPAN)),
    t.Length: lengths,
    t.Ago: agos,
    t.AnyOf: _several(t.AnyOf),
    t.AllOf: _several(t.AllOf),
    t.Not: _build(t.Not, expressions),
    t.Compare: st.builds(t.Compare, _word(*COMPARISONS), sides, sides, op_span=st.just(SPAN), span=st.just(SPAN)),
    t.Between: _build(t.Between, sides, sides, sides, st.booleans()),
    t.InList: _build(t.InList, sides, items, st.booleans()),
    t.Known: _build(t.Known, sides, st.booleans()),
    t.TextTest: _build(t.TextTest, _word(*TEXT_TESTS), sides, sides, st.booleans()),
    t.Arithmetic: _build(t.Arithmetic, _word(*"+-*/"), sides, sides),
    t.InAudience: _build(t.InAudience, names),
    t.Everyone: _build(t.Everyone),
    t.Did: _build(t.Did, events, filters, quantities, windows, st.booleans()),
    t.Aggregate: st.one_of(
        _build(t.Aggregate, _word("count", "recency"), events, st.none(), filters, st.none() | windows),
        _build(
            t.Aggregate,
            st.sampled_from([name for name in AGGREGATES if name not in ("count", "recency")]),
            events,
            properties,
            filters,
            st.none() | windows,
        ),
    ),
    t.Rounded: _build(t.Rounded, sides, st.sampled_from([*ROUNDINGS]), st.sampled_from([0, 2, 13])),
    t.Call: _build(t.Call, st.sampled_from([*FUNCTIONS]), sides),
    t.Matches: _build(t.Matches, sides, patterns, st.booleans(), st.booleans()),
    t.ListTest: _build(t.ListTest, _word(*LIST_TESTS), sides, items),
    t.Empty: _build(t.Empty, sides, st.booleans()),
    t.Quantified: _build(t.Quantified, _word("any", "all", "none"), listed, expressions),
    t.NumberOf: _build(t.NumberOf, listed, filters),
    t.Exists: _build(t.Exists, st.just(t.Name("orders", span=SPAN)) | names, filters),
    t.LocalTime: _build(t.LocalTime, _word("time of day", "day of week"), zones),
    t.FirstDid: _build(t.FirstDid, events, filters, windows),
    t.StoppedDoing: _build(t.StoppedDoing, events, filters, windows),
    t.ResumedDoing: _build(t.ResumedDoing, events, filters, windows, durations),
    t.DoingRegularly: _build(t.DoingRegularly, events, filters, counts, units, st.booleans()),
    t.DidSequence: _build(t.DidSequence, steps, windows),
    t.Rank: st.one_of(
        _build(t.Rank, st.booleans(), numbers, st.none(), sides),
        _build(t.Rank, st.booleans(), st.none(), counts, sides),
    ),
    t.Quintile: _build(t.Quintile, sides),
    t.AnniversaryTest: st.one_of(
        _build(t.AnniversaryTest, paths, st.just("today"), st.none()),
        _build(t.AnniversaryTest, paths, _word("next", "last"), lengths),
    ),
    t.Unchanged: _build(t.Unchanged, sides, durations),
    t.Near: _build(t.Near, paths, numbers, _word("m", "km", "miles"), numbers, numbers),
    t.InGeofence: _build(t.InGeofence, paths, names),
    t.HasTags: _build(
        t.HasTags, _word("one", "any", "every", "no"), st.lists(names, min_size=1, max_size=2).map(tuple)
    ),
    t.PointsIn: _build(t.PointsIn, names),
    t.HasOffer: _build(t.HasOffer, names),
    t.OfferHappened: _build(t.OfferHappened, _word("redeemed", "received"), names, windows),
    t.Subscribed: _build(t.Subscribed, names, st.booleans()),
    t.MessageHappened: _build(
        t.MessageHappened,
        _word("was sent", "opened", "clicked"),
        st.none() | names,
        st.none() | names,
        st.none() | names,
        quantities,
        windows,
    ),
    t.ReceivedCampaign: _build(t.ReceivedCampaign, names, quantities, windows),
    t.InStaticList: _build(t.InStaticList, names),
    t.Sample: _build(t.Sample, numbers, st.sampled_from(["", "spring"]).map(_text)),
}
assert set(KINDS) == set(get_args(t.Expression))
