"""Values of JSON become values of types, or say which of them is not."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from press import ADDRESS, CONTEXT, TEXT, TIER, checked, values

from campaign_dsl.language.catalog import types
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content.binding import BindingError, bound, value_of
from campaign_dsl.language.content.rendering import compile_template

READ = [
    (types.TEXT, "x", "x"),
    (TIER, "gold", "gold"),
    (types.INTEGER, 3, 3),
    (types.INTEGER, "3", 3),
    (types.INTEGER, 3.0, 3),
    (types.DECIMAL, 0.1, Decimal("0.1")),
    (types.DECIMAL, "12.50", Decimal("12.50")),
    (types.DECIMAL, 7, Decimal(7)),
    (types.BOOLEAN, False, False),
    (types.DATE, "2024-02-29", date(2024, 2, 29)),
    (types.DATE, date(2024, 2, 29), date(2024, 2, 29)),
    (types.TIMESTAMP, "2026-01-01T03:00:00+03:00", datetime(2026, 1, 1, tzinfo=UTC)),
    (types.TIMESTAMP, "2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
    (Type(Kind.LIST, element=types.DATE), ["2024-02-29"], [date(2024, 2, 29)]),
    (ADDRESS, {"city": "Boston", "other": 1}, {"city": "Boston", "street": None}),
    (types.TEXT.maybe(), None, None),
]


@pytest.mark.parametrize(("of", "value", "expected"), READ)
def test_values_of_a_type(of: Type, value: Any, expected: Any) -> None:
    found = value_of(of, value, "x")
    assert found == expected
    assert type(found) is type(expected)


WRONG = [
    (types.TEXT, 3, "`x` is not a value of type text"),
    (types.TEXT, None, "`x` is missing"),
    (types.INTEGER, 3.5, "`x` is not a value of type integer"),
    (types.INTEGER, True, "`x` is not a value of type integer"),
    (types.INTEGER, "9" * 30, "`x` is not a value of type integer"),
    (types.INTEGER, "1e9999999", "`x` is not a value of type integer"),
    (types.DECIMAL, "NaN", "`x` is not a value of type decimal"),
    (types.DECIMAL, float("inf"), "`x` is not a value of type decimal"),
    (types.DECIMAL, "1e-9999999", "`x` is not a value of type decimal"),
    (types.DECIMAL, "twelve", "`x` is not a value of type decimal"),
    (types.DECIMAL, [1], "`x` is not a value of type decimal"),
    (types.BOOLEAN, 1, "`x` is not a value of type boolean"),
    (types.DATE, "2023-02-29", "`x` is not a value of type date"),
    (types.DATE, "20240229", "`x` is not a value of type date"),
    (types.DATE, datetime(2026, 1, 1, tzinfo=UTC), "`x` is not a value of type date"),
    (types.TIMESTAMP, "2026-01-01T00:00:00", "`x` is not a value of type timestamp"),
    (types.TIMESTAMP, "now", "`x` is not a value of type timestamp"),
    (types.TIMESTAMP, 3, "`x` is not a value of type timestamp"),
    (Type(Kind.LIST, element=types.TEXT), "abc", "`x` is not a value of type list"),
    (Type(Kind.LIST, element=types.TEXT), [1], "`x[]` is not a value of type text"),
    (ADDRESS, {"street": "x"}, "`x.city` is missing"),
    (ADDRESS, [], "`x` is not a value of type record"),
    (Type(Kind.GEO), {}, "`x` is not a value of type geo"),
]


@pytest.mark.parametrize(("of", "value", "message"), WRONG)
def test_values_of_another_type(of: Type, value: Any, message: str) -> None:
    with pytest.raises(BindingError) as caught:
        value_of(of, value, "x")
    assert str(caught.value) == message


def test_what_a_template_uses_is_bound() -> None:
    text = (
        '{{ customer.first_name | default("you") }} {{ customer.enrolled | date("%Y") }} {{ customer.spent * 2 }}'
        "{% for o in wallet.offers %} {{ o.title }}{% endfor %} {{ customer.work.city }} {{ segment }}"
    )
    uses = checked(text).uses
    assert {name: entry.type for name, entry in CONTEXT.entries.items() if name in uses} == dict(uses)
    whole = json.loads(json.dumps(values(), default=str))
    flat = {
        f"{group}.{name}" if isinstance(inner, dict) else group: value
        for group, inner in whole.items()
        for name, value in (inner.items() if isinstance(inner, dict) else [("", inner)])
    }
    data = bound(uses, flat | {"customer.first_name": None})
    made = compile_template(text, TEXT).render(data)
    assert made == "you 2024 2469 Half price Free coffee Boston gold"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20))
def test_decimals_are_exact(value: Decimal) -> None:
    assert value_of(types.DECIMAL, str(value), "x") == value


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=4),
    st.sampled_from(list(Kind)),
)
def test_any_value_is_bound_or_named(value: Any, kind: Kind) -> None:
    of = Type(kind, element=types.TEXT if kind is Kind.LIST else None)
    with contextlib.suppress(BindingError):
        assert (value_of(of, value, "x") is None) == (value is None)
