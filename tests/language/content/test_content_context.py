"""The context of content: names, records, and types as documents."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from press import ADDRESS, CONTEXT

from campaign_dsl.language.catalog import types
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content import context as c


def test_all_eight_facts_of_an_offer() -> None:
    found = c.offer_entries(has=["description", "logo"], expires=False)
    facts = (
        "id",
        "title",
        "user_offer_id",
        "description",
        "terms_and_conditions",
        "logo",
        "pos_discount_id",
        "expires_at",
    )
    assert set(found) == {f"offer.{fact}" for fact in facts}
    missing = {name for name, entry in found.items() if entry.type.nullable}
    assert missing == {"offer.terms_and_conditions", "offer.pos_discount_id", "offer.expires_at"}
    assert found["offer.logo"].url
    assert found["offer.expires_at"].reason == c.EXPIRY
    assert all(
        entry.type.nullable
        for entry in c.offer_entries(has=c.OFFER_TERMS, expires=True, missing="not all get it").values()
    )


def test_fields_of_records_are_found() -> None:
    assert CONTEXT.find("customer.work.city") == c.Entry(types.TEXT)
    home = CONTEXT.find("customer.home.city")
    assert home is not None
    assert home.type.nullable
    assert CONTEXT.find("customer.work.town") is None
    assert CONTEXT.find("town") is None
    assert "customer.work.street" in CONTEXT.names
    assert CONTEXT.is_group("customer")
    assert not CONTEXT.is_group("customer.work")
    assert "reward" in CONTEXT.roots


def test_entries_that_may_be_missing_say_why() -> None:
    for entries in (
        c.points_entries(expires=True, missing="x"),
        c.code_entries(expires=True, missing="x"),
        c.reward_entries(expires=True, missing="x"),
        c.event_entries({"amount": types.DECIMAL}, "x"),
    ):
        assert {(entry.type.nullable, entry.reason) for entry in entries.values()} == {(True, "x")}
    assert not any(entry.type.nullable for entry in c.points_entries(expires=True).values())
    assert c.choice_entries([], ["a"], []).keys() == {"variant"}


TYPES = st.recursive(
    st.sampled_from(
        [Type(kind) for kind in Kind if kind not in (Kind.LIST, Kind.RECORD, Kind.ENUM)] + [types.TEXT.maybe()]
    ),
    lambda inner: st.one_of(
        inner.map(lambda one: Type(Kind.LIST, element=one)),
        st.lists(st.tuples(st.sampled_from("abc"), inner), unique_by=lambda each: each[0]).map(
            lambda fields: Type(Kind.RECORD, nullable=True, fields=tuple(fields))
        ),
        st.just(Type(Kind.ENUM, values=("x", "y"))),
    ),
    max_leaves=5,
)


@given(TYPES)
def test_types_survive_as_documents(of: Type) -> None:
    assert c.read_type(json.loads(json.dumps(c.type_document(of)))) == of
    assert c.read_type(c.type_document(ADDRESS)) == ADDRESS
