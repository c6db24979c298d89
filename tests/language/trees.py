"""Random expressions as syntax trees, as broad as the grammar is."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir.operators import (
    AGGREGATES,
    ARITHMETIC,
    COMPARISONS,
    FUNCTIONS,
    LIST_TESTS,
    QUANTIFIERS,
    ROUNDINGS,
    TEXT_TESTS,
)
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax import tree as t

S = Span(SourceFile("nowhere", ""), 0, 0)
NAMES = (
    "a",
    "tier",
    "birth_date",
    "count",
    "points",
    "ever",
    "days",
    "known",
    "order",
    "android",
    "x1",
    "_y",
    "within",
)
UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
TEXTS = st.text(st.sampled_from('ab Z\\"#{}()[]:,é😀'), max_size=12)

names = st.sampled_from(NAMES).map(lambda text: t.Name(text, span=S))
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: t.Path(tuple(parts), span=S))
units = st.sampled_from(UNITS)
durations = st.builds(lambda count, unit: t.Duration(count, unit, span=S), st.integers(0, 400), units)
lengths = st.builds(
    lambda count, unit, calendar: t.Length(count, unit, calendar, span=S), st.integers(0, 400), units, st.booleans()
)
numbers = st.integers(0, 10**6).map(lambda number: t.Number(str(number), span=S))
percents = st.sampled_from(("1", "10", "0.5", "33.333")).map(lambda text: t.Number(text, span=S))
degrees = st.sampled_from(("42.3601", "-71.0589", "0", "-5")).map(lambda text: t.Number(text, span=S))
quantities = st.builds(
    lambda kind, count: t.Quantity(kind, count, span=S),
    st.sampled_from(("at least", "at most", "exactly")),
    st.integers(0, 50),
)


def texts_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[t.Text]:
    return texts.map(lambda text: t.Text(text, span=S))


def constants(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[t.Constant]:
    whole = st.integers(-(10**9), 10**9).map(str)
    decimals = st.decimals(-(10**6), 10**6, places=2, allow_nan=False).map(lambda value: f"{value + 0:.2f}")
    moments = st.datetimes(datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2299-12-31")).map(
        lambda moment: moment.replace(microsecond=0).isoformat()
    )
    of_kind = {
        "text": texts,
        "integer": whole,
        "decimal": decimals,
        "date": moments.map(lambda text: text[:10]),
        "timestamp": moments,
        "time": moments.map(lambda text: text[11:16]),
        "boolean": st.sampled_from(("true", "false")),
    }
    return st.one_of(
        *(values.map(lambda text, kind=kind: t.Constant(kind, text, span=S)) for kind, values in of_kind.items())
    )


moment_words = st.one_of(
    st.just(t.Now(span=S)),
    st.just(t.Today(span=S)),
    st.builds(lambda length, ahead: t.Ago(length, ahead, span=S), lengths, st.booleans()),
)
fixed_moments = st.sampled_from(("2026-01-31", "2026-01-31T09:00:00", "2026-01-31T09:00:30+02:00")).map(
    lambda text: t.Constant("date" if len(text) == 10 else "timestamp", text, span=S)
)
moments = moment_words | fixed_moments


def bounds(word: str | None = None) -> st.SearchStrategy[t.Bound]:
    words = st.sampled_from(("since", "after", "until", "before")) if word is None else st.just(word)
    return st.builds(lambda word, moment: t.Bound(word, moment, span=S), words, moments)


def windows() -> st.SearchStrategy[t.Window]:
    counted = st.builds(
        lambda kind, count, unit: t.Window(kind, count, unit, span=S),
        st.sampled_from(("rolling", "calendar")),
        st.integers(0, 400),
        units,
    )
    named = st.builds(lambda kind, unit: t.Window(kind, unit=unit, span=S), st.sampled_from(("this", "last")), units)
    bounded = st.lists(bounds(), min_size=1, max_size=2).map(
        lambda some: t.Window("bounds", bounds=tuple(some), span=S)
    )
    return counted | named | bounded | st.just(t.Window("ever", span=S))


between_windows = st.tuples(bounds("since"), bounds("until")).map(lambda two: t.Window("between", bounds=two, span=S))


def expressions(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[t.Expression]:
    leaves = constants(texts) | paths | st.just(t.Everyone(span=S)) | moment_words | lengths | _facets(texts)
    return st.recursive(leaves, lambda inner: _larger(inner, texts), max_leaves=12)


def _facets(texts: st.SearchStrategy[str]) -> st.SearchStrategy[t.Expression]:
    """What has no expression inside."""
    tags = st.lists(names, min_size=1, max_size=3).map(tuple)
    maybe = st.none() | names
    return st.one_of(
        names.map(lambda name: t.InAudience(name, span=S)),
        names.map(lambda name: t.InStaticList(name, span=S)),
        names.map(lambda name: t.HasTags("one", (name,), span=S)),
        st.builds(lambda op, some: t.HasTags(op, some, span=S), st.sampled_from(("any", "every", "no")), tags),
        names.map(lambda name: t.PointsIn(name, span=S)),
        names.map(lambda name: t.HasOffer(name, span=S)),
        st.builds(
            lambda verb, name, window: t.OfferHappened(verb, name, window, span=S),
            st.sampled_from(("redeemed", "received")),
            names,
            windows(),
        ),
        st.builds(lambda name, into: t.Subscribed(name, into, span=S), names, st.booleans()),
        st.builds(
            lambda verb, campaign, channel, many, window: t.MessageHappened(
                verb, None, campaign, channel, many, window, span=S
            ),
            st.sampled_from(("was sent", "opened", "clicked")),
            maybe,
            maybe,
            st.none() | quantities,
            windows(),
        ),
        st.builds(
            lambda verb, name, campaign, many, window: t.MessageHappened(
                verb, name, campaign, None, many, window, span=S
            ),
            st.sampled_from(("was sent", "opened", "clicked")),
            names,
            names,
            st.none() | quantities,
            windows(),
        ),
        st.builds(
            lambda name, many, window: t.ReceivedCampaign(name, many, window, span=S),
            names,
            st.none() | quantities,
            windows(),
        ),
        st.builds(lambda share, salt: t.Sample(share, salt, span=S), percents, texts_of(texts)),
        st.builds(
            lambda day, kind, length: t.AnniversaryTest(day, kind, None if kind == "today" else length, span=S),
            paths,
            st.sampled_from(("today", "next", "last")),
            lengths.map(lambda each: t.Length(each.count, each.unit, True, span=S)),
        ),
        st.builds(
            lambda what, zone: t.LocalTime(what, zone, span=S),
            st.sampled_from(("time of day", "day of week")),
            st.none() | paths | texts.map(lambda text: t.Constant("text", text, span=S)),
        ),
    )


def steps(filters: st.SearchStrategy[t.Expression | None], first: bool = False) -> st.SearchStrategy[t.Step]:
    if first:
        return st.builds(lambda e, w, a: t.Step(e, w, a, False, None, span=S), names, filters, st.none() | names)
    return st.one_of(
        st.builds(
            lambda e, w, a, d: t.Step(e, w, a, False, d, span=S),
            names,
            filters,
            st.none() | names,
            st.none() | durations,
        ),
        st.builds(lambda e, w, d: t.Step(e, w, None, True, d, span=S), names, filters, durations),
    )


def sequences(filters: st.SearchStrategy[t.Expression | None]) -> st.SearchStrategy[tuple[t.Step, ...]]:
    rest = st.lists(steps(filters), min_size=1, max_size=2)
    return st.builds(lambda one, more: (one, *more), steps(filters, first=True), rest)


def _larger(inner: st.SearchStrategy[t.Expression], texts: st.SearchStrategy[str]) -> st.SearchStrategy[t.Expression]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    filters = st.none() | inner
    comparisons, tests = st.sampled_from(tuple(COMPARISONS)), st.sampled_from(tuple(TEXT_TESTS))
    functions = st.sampled_from([name for name in AGGREGATES if name not in ("count", "recency")])
    return st.one_of(
        several.map(lambda items: t.AnyOf(items, span=S)),
        several.map(lambda items: t.AllOf(items, span=S)),
        inner.map(lambda item: t.Not(item, span=S)),
        st.builds(lambda op, a, b: t.Compare(op, a, b, op_span=S, span=S), comparisons, inner, inner),
        st.builds(lambda a, b, c, no: t.Between(a, b, c, no, span=S), inner, inner, inner, st.booleans()),
        st.builds(
            lambda a, items, no: t.InList(a, tuple(items), no, span=S),
            inner,
            st.lists(inner, max_size=3),
            st.booleans(),
        ),
        st.builds(lambda a, known: t.Known(a, known, span=S), inner, st.booleans()),
        st.builds(lambda a, empty: t.Empty(a, empty, span=S), inner, st.booleans()),
        st.builds(lambda op, a, b, case: t.TextTest(op, a, b, case, span=S), tests, inner, inner, st.booleans()),
        st.builds(
            lambda a, text, case, no: t.Matches(a, text, case, no, span=S),
            inner,
            texts_of(texts),
            st.booleans(),
            st.booleans(),
        ),
        st.builds(
            lambda op, a, items: t.ListTest(op, a, tuple(items), span=S),
            st.sampled_from(tuple(LIST_TESTS)),
            inner,
            st.lists(inner, max_size=3),
        ),
        st.builds(lambda op, a, b: t.Arithmetic(op, a, b, span=S), st.sampled_from(tuple(ARITHMETIC)), inner, inner),
        st.builds(
            lambda a, mode, digits: t.Rounded(a, mode, digits, span=S),
            inner,
            st.sampled_from(tuple(ROUNDINGS)),
            st.integers(0, 9),
        ),
        st.builds(lambda name, a: t.Call(name, a, span=S), st.sampled_from(tuple(FUNCTIONS)), inner),
        inner.map(lambda of: t.Quintile(of, span=S)),
        st.builds(lambda a, lasting: t.Unchanged(a, lasting, span=S), inner, durations),
        st.builds(
            lambda a, far, unit, lat, lon: t.Near(a, far, unit, lat, lon, span=S),
            inner,
            numbers,
            st.sampled_from(("m", "km", "miles")),
            degrees,
            degrees,
        ),
        st.builds(lambda a, name: t.InGeofence(a, name, span=S), inner, names),
        st.builds(
            lambda op, items, where: t.Quantified(op, items, where, span=S),
            st.sampled_from(tuple(QUANTIFIERS)),
            paths,
            inner,
        ),
        st.builds(lambda items, where: t.NumberOf(items, where, span=S), paths, filters),
        st.builds(lambda name, where: t.Exists(name, where, span=S), names, filters),
        st.builds(lambda largest, share, of: t.Rank(largest, share, None, of, span=S), st.booleans(), percents, inner),
        st.builds(
            lambda largest, count, of: t.Rank(largest, None, count, of, span=S),
            st.booleans(),
            st.integers(0, 10**6),
            inner,
        ),
        _events(inner, filters, functions),
    )


def _events(
    inner: st.SearchStrategy[t.Expression],
    filters: st.SearchStrategy[t.Expression | None],
    functions: st.SearchStrategy[str],
) -> st.SearchStrategy[t.Expression]:
    return st.one_of(
        st.builds(lambda e, w, q, win: t.Did(e, w, q, win, span=S), names, filters, st.none() | quantities, windows()),
        st.builds(lambda e, w, win: t.Did(e, w, None, win, True, span=S), names, filters, windows()),
        st.builds(lambda e, win, no: t.Did(e, None, None, win, no, span=S), names, between_windows, st.booleans()),
        st.builds(lambda e, w, win: t.Aggregate("count", e, None, w, win, span=S), names, filters, windows()),
        st.builds(lambda e, w: t.Aggregate("recency", e, None, w, None, span=S), names, filters),
        st.builds(
            lambda f, e, p, w, win: t.Aggregate(f, e, p, w, win, span=S),
            functions,
            names,
            paths,
            filters,
            st.none() | windows(),
        ),
        st.builds(lambda e, w, win: t.FirstDid(e, w, win, span=S), names, filters, windows()),
        st.builds(lambda e, w, win: t.StoppedDoing(e, w, win, span=S), names, filters, windows()),
        st.builds(lambda e, w, win, gap: t.ResumedDoing(e, w, win, gap, span=S), names, filters, windows(), durations),
        st.builds(
            lambda e, w, count, unit, calendar: t.DoingRegularly(e, w, count, unit, calendar, span=S),
            names,
            filters,
            st.integers(0, 60),
            units,
            st.booleans(),
        ),
        st.builds(lambda some, win: t.DidSequence(some, win, span=S), sequences(filters), windows()),
    )
