"""Random expressions as syntax trees, as broad as the grammar is."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax import tree as t

S = Span(SourceFile("nowhere", ""), 0, 0)
NAMES = ("a", "tier", "birth_date", "count", "points", "ever", "days", "known", "order", "android", "x1", "_y")
UNITS = ("second", "minute", "hour", "day", "week", "month", "year")

names = st.sampled_from(NAMES).map(lambda text: t.Name(text, span=S))
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: t.Path(tuple(parts), span=S))
TEXTS = st.text(st.sampled_from('ab Z\\"#{}()[]:,é😀'), max_size=12)


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
        "boolean": st.sampled_from(("true", "false")),
    }
    return st.one_of(
        *(values.map(lambda text, kind=kind: t.Constant(kind, text, span=S)) for kind, values in of_kind.items())
    )


def windows() -> st.SearchStrategy[t.Window]:
    counted = st.builds(
        lambda kind, count, unit: t.Window(kind, count, unit, span=S),
        st.sampled_from(("rolling", "calendar")),
        st.integers(0, 400),
        st.sampled_from(UNITS),
    )
    bounded = st.builds(
        lambda kind, text: t.Window(kind, moment=t.Moment(text, span=S), span=S),
        st.sampled_from(("since", "after", "until", "before")),
        st.sampled_from(("2026-01-31", "2026-01-31T09:00:00", "2026-01-31T09:00:30+02:00")),
    )
    return counted | bounded | st.just(t.Window("ever", span=S))


def expressions(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[t.Expression]:
    return st.recursive(constants(texts) | paths | st.just(t.Everyone(span=S)), _larger, max_leaves=12)


def _larger(inner: st.SearchStrategy[t.Expression]) -> st.SearchStrategy[t.Expression]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    filters = st.none() | inner
    quantities = st.none() | st.builds(
        lambda kind, count: t.Quantity(kind, count, span=S),
        st.sampled_from(("at least", "at most", "exactly")),
        st.integers(0, 50),
    )
    comparisons = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
    tests = st.sampled_from(("contains", "does not contain", "starts with", "ends with"))
    functions = st.sampled_from(("sum", "average", "smallest", "largest"))
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
        st.builds(lambda op, a, b, case: t.TextTest(op, a, b, case, span=S), tests, inner, inner, st.booleans()),
        st.builds(lambda op, a, b: t.Arithmetic(op, a, b, span=S), st.sampled_from("+-*"), inner, inner),
        names.map(lambda name: t.InAudience(name, span=S)),
        st.builds(lambda e, w, q, win: t.Did(e, w, q, win, span=S), names, filters, quantities, windows()),
        st.builds(lambda e, w, win: t.Did(e, w, None, win, True, span=S), names, filters, windows()),
        st.builds(lambda e, w, win: t.Aggregate("count", e, None, w, win, span=S), names, filters, windows()),
        st.builds(
            lambda f, e, p, w, win: t.Aggregate(f, e, p, w, win, span=S), functions, names, names, filters, windows()
        ),
    )
