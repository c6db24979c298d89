"""Message documents: what the contract asks for, JSON types kept, missing values left out, from the ledger's rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import GOLD_POINTS, MESSAGE, OFFER, POINTS, candidate, execute, open_ledger, plan, run

from campaign_dsl.run.ledger import Ledger
from campaign_dsl.run.providers import contracts


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def written(ledger: Ledger, row: dict[str, Any], steps: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """The document of the only message of a run, checked against the contract but for the two keys beside it."""
    result = run(ledger, [row], plan(steps=steps, limits=[], **changes))
    (document,) = result.samples
    contract = {name: value for name, value in document.items() if name not in ("properties", "selection")}
    assert contracts.validate("messaging-variant", contract) == []
    return document


def message(*properties: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return MESSAGE | {"properties": list(properties)} | changes


def prop(name: str, source: str | None, fallback: Any = None) -> dict[str, Any]:
    return {"name": name, "source": source, "fallback": fallback}


@pytest.mark.seed("S1-20", "S1-21a", "S1-21b")
def test_the_whole_document(ledger: Ledger) -> None:
    row = candidate("A", context={"first_name": "Ana", "shoe_size": 7.5})
    document = written(ledger, row, [GOLD_POINTS, POINTS, OFFER, MESSAGE])
    user_offer_id = document["offer"].pop("user_offer_id")
    assert len(user_offer_id) == 32
    assert document == {
        "canvas_id": None,
        "campaign_id": "a3f9c2d1-birthday",
        "broadcast": False,
        "customer_identifier": {"external_user_id": "A"},
        "email": "a@example.com",
        "offer": {
            "offer_id": "birthday_half_price",
            "offer_title": "50% off one pair",
            "description": "Half price on any one pair",
            "terms_and_conditions": "One pair, one use",
            "logo": "https://cdn.footwear.example/birthday.png",
            "pos_discount_id": "POS-BDAY-50",
            "expiration_date": "2026-12-05T06:00:00Z",
        },
        "point_award": {"point_award_amount": 500, "point_account_name": "Stride points"},
        "campaign": {
            "campaign_runtime": "2026-11-21T06:00:00Z",
            "campaign_id": "birthday_gift",
            "campaign_name": "Birthday gift",
        },
        "properties": {
            "first_name": "Ana",
            "favorite": "shoes",
            "shoe_size": 7.5,
            "points": 500,
            "offer_title": "50% off one pair",
            "offer_ends": "2026-12-05T06:00:00Z",
        },
        "selection": {"segment": "others"},
    }


def test_a_canvas(ledger: Ledger) -> None:
    document = written(ledger, candidate("A"), [message(settings={"braze_canvas_id": "c1"}, include=[])])
    assert (document["canvas_id"], document["campaign_id"]) == ("c1", None)


def test_by_mail(ledger: Ledger) -> None:
    document = written(ledger, candidate("A"), [message(identifier="email", include=[])])
    assert document["customer_identifier"] == {"email": "a@example.com"}


@pytest.mark.parametrize("address", [None, "", "+1 555 0100", "two words@example.com"])
def test_what_is_no_mail_address_is_not_sent_as_one(ledger: Ledger, address: str | None) -> None:
    assert written(ledger, candidate("A", address=address), [message(include=[])])["email"] is None


def test_groups_without_an_award_or_offer_are_left_out(ledger: Ledger) -> None:
    document = written(
        ledger, candidate("A"), [message(prop("points", "outcome.points.amount"), prop("t", "offer.title"))]
    )
    assert not {"offer", "point_award"} & document.keys()
    assert document["properties"] == {}


def test_only_the_groups_of_the_variant(ledger: Ledger) -> None:
    document = written(ledger, candidate("A"), [POINTS, OFFER, message(include=["event_trigger"])])
    assert document["event_trigger"] == {"occurrence": "2026", "date": "2026-11-21"}
    assert not {"offer", "point_award", "campaign"} & document.keys()


def test_missing_texts_of_an_offer_are_left_out(ledger: Ledger) -> None:
    bare = {
        name: value for name, value in OFFER.items() if name in ("kind", "number", "outcome", "where", "offer", "title")
    }
    document = written(ledger, candidate("A"), [bare, message()])
    assert set(document["offer"]) == {"offer_id", "offer_title", "user_offer_id"}


def test_the_amount_is_that_of_the_ledger(ledger: Ledger) -> None:
    """Both clauses of the plan name an amount; the message quotes the one that was transferred."""
    steps = [GOLD_POINTS, POINTS, message(prop("p", "outcome.points.amount"))]
    assert written(ledger, candidate("A", steps=0b10001), steps)["properties"] == {"p": 1000}


def test_every_source(ledger: Ledger) -> None:
    sources = {
        "outcome.points.amount": 500,
        "outcome.points.account": "Stride points",
        "outcome.points.expires_at": "2026-12-21T06:00:00Z",
        "offer.id": "birthday_half_price",
        "offer.title": "50% off one pair",
        "offer.description": "Half price on any one pair",
        "offer.terms_and_conditions": "One pair, one use",
        "offer.logo": "https://cdn.footwear.example/birthday.png",
        "offer.pos_discount_id": "POS-BDAY-50",
        "offer.expires_at": "2026-12-05T06:00:00Z",
        "campaign.name": "birthday_gift",
        "campaign.title": "Birthday gift",
        "occurrence.key": "2026",
        "occurrence.date": "2026-11-21",
    }
    properties = [prop(source.replace(".", "_"), source) for source in (*sources, "offer.user_offer_id")]
    document = written(ledger, candidate("A"), [POINTS, OFFER, message(*properties)])
    expected = {source.replace(".", "_"): value for source, value in sources.items()}
    assert document["properties"] == expected | {"offer_user_offer_id": document["offer"]["user_offer_id"]}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("customer.address.city", "Boston"),
        ("customer.address.street", None),
        ("event.amount", 12.5),
        ("event.place.city", "Rome"),
        ("cart.sku", "S1"),
        ("goal.step", 3),
        ("campaign.id", "birthday_gift"),
    ],
)
def test_values_of_rows_and_of_records(ledger: Ledger, source: str, wanted: Any) -> None:
    context = {
        "address": {"city": "Boston"},
        "event.amount": 12.5,
        "event.place": {"city": "Rome"},
        "cart.sku": "S1",
        "goal.step": 3,
    }
    document = written(ledger, candidate("A", context=context), [message(prop("it", source))])
    assert document["properties"] == ({} if wanted is None else {"it": wanted})


@pytest.mark.parametrize("value", ["text", "", "5", "null", "true", 0, 7, -3, 2**53, 0.1, 1e300, True, False])
def test_types_of_attributes_are_kept(ledger: Ledger, value: Any) -> None:
    document = written(ledger, candidate("A", context={"it": value}), [message(prop("it", "customer.it", "fallback"))])
    assert document["properties"] == {"it": value}
    assert type(document["properties"]["it"]) is type(value)


@pytest.mark.parametrize("context", [{}, {"it": None}])
@pytest.mark.parametrize("fallback", ["friend", 'it\'s 100% "ok"\n', 5, 0.5, True, False, None])
def test_what_is_missing_falls_back_or_is_left_out(ledger: Ledger, context: Any, fallback: Any) -> None:
    document = written(ledger, candidate("A", context=context), [message(prop("it", "customer.it", fallback))])
    assert document["properties"] == ({} if fallback is None else {"it": fallback})


@pytest.mark.parametrize("fallback", ["x", 5, 0.5, True, False])
def test_a_missing_effect_falls_back(ledger: Ledger, fallback: Any) -> None:
    document = written(ledger, candidate("A"), [message(prop("it", "outcome.points.amount", fallback))])
    assert document["properties"] == {"it": fallback}
    assert type(document["properties"]["it"]) is type(fallback)


@pytest.mark.parametrize("value", ["x", 5, 0.5, True, None])
def test_constants(ledger: Ledger, value: Any) -> None:
    document = written(ledger, candidate("A"), [message(prop("it", None, value))])
    assert document["properties"] == ({} if value is None else {"it": value})


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
# Sources and catalogs may not hold control characters, and SQLite's JSON functions cut a text at a zero one.
AUTHORED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, HOSTILE, AUTHORED, AUTHORED, HOSTILE)
@pytest.mark.seed("S0-16")
def test_no_text_can_break_out(
    tmp_path_factory: pytest.TempPathFactory, customer: str, value: str, title: str, fallback: str, occurrence: str
) -> None:
    row = candidate("A", occurrence=occurrence, context={"it": value}) | {"customer_id": customer + "x"}
    properties = [prop("it", "customer.it"), prop("gone", "customer.gone", fallback), prop("key", "occurrence.key")]
    with open_ledger(tmp_path_factory.mktemp("hostile") / "ledger.sqlite") as ledger:
        result = run(ledger, [row], plan(steps=[OFFER | {"title": title}, message(*properties)], title=title))
    (document,) = result.samples
    assert document["properties"] == {"it": value, "gone": fallback, "key": occurrence}
    assert document["campaign"]["campaign_name"] == document["offer"]["offer_title"] == title
    assert document["customer_identifier"] == {"external_user_id": customer + "x"}


def test_names_that_look_like_sql(ledger: Ledger) -> None:
    names = ["it's", 'a"b', "x'); DROP TABLE effect; --", "%s", "a.b", "$"]
    document = written(ledger, candidate("A"), [message(*[prop(name, None, name) for name in names])])
    assert document["properties"] == {name: name for name in names}


def test_a_fraction_of_a_second_is_kept_in_the_runtime(ledger: Ledger) -> None:
    from worlds import AS_OF

    moment = AS_OF.replace(microsecond=123456)
    (document,) = run(ledger, [candidate("A")], as_of=moment).samples
    assert document["campaign"]["campaign_runtime"] == "2026-11-21T06:00:00.123456Z"
    assert document["offer"]["expiration_date"] == "2026-12-05T06:00:00Z"


def test_samples_are_the_first_of_the_outbox(ledger: Ledger) -> None:
    rows = [candidate(name) for name in "DBCA"]
    assert [d["customer_identifier"]["external_user_id"] for d in run(ledger, rows, samples=2).samples] == ["A", "B"]
    rows = [row | {"occurrence": "2027"} for row in rows]
    assert run(ledger, rows, plan(title="x"), samples=0).samples == ()


def test_documents_are_json_to_sqlite_too(ledger: Ledger) -> None:
    written(ledger, candidate("A", context={"first_name": "é\u2028\U0001f382"}), [OFFER, MESSAGE])
    query = "SELECT json_valid(document), document ->> '$.properties.first_name' FROM message"
    assert execute(ledger, query).fetchall() == [(1, "é\u2028\U0001f382")]
    assert sqlite3.sqlite_version_info >= (3, 38)
