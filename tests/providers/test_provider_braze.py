import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_world import BRAZE_KEY, document, member, package, secrets, settings

from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers import (
    Accepted,
    Failure,
    ItemsRejected,
    Refused,
    RefusedRetryable,
    Response,
    Unknown,
    contracts,
)
from campaign_dsl.run.providers.braze import BrazeProvider, trigger_properties

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
RESET = {"x-ratelimit-limit": "250000", "x-ratelimit-remaining": "0"}


def provider(**more):
    return BrazeProvider(settings(**more), secrets)


def body(pack, **more):
    request = provider(**more).request(pack, attempted_at=NOW)
    document = json.loads(request.body)
    contract = "canvas" if "canvas" in request.url else "campaigns"
    assert contracts.validate(f"braze-{contract}-trigger-send.request", document) == []
    return document


def answered(status, content=b"", **headers):
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return provider().classify(Response(status, named, content, NOW))


# ------------------------------------------------------------------------------------------------------ requests


@pytest.mark.seed("S1-19", "S1-22")
def test_a_campaign_carries_every_field_of_the_variant():
    request = provider().request(package(), attempted_at=NOW)
    assert (request.method, request.url) == ("POST", "https://rest.iad-01.braze.com/campaigns/trigger/send")
    assert request.headers == {"authorization": f"Bearer {BRAZE_KEY}", "content-type": "application/json"}
    assert body(package()) == {
        "campaign_id": "b4d1c8f0-birthday",
        "recipients": [
            {
                "external_user_id": "member-0001",
                "trigger_properties": {
                    "offer_id": "off-50",
                    "offer_title": "50% off one pair",
                    "user_offer_id": "uo-991",
                    "description": "Half price",
                    "terms_and_conditions": "One use.",
                    "logo": "https://cdn.example.com/l.png",
                    "pos_discount_id": "POS-50",
                    "expiration_date": "2026-06-30",
                    "point_award_amount": 250,
                    "point_account_name": "Stride points",
                    "campaign_runtime": "2026-06-01T09:00:00+02:00",
                    "campaign_id": "birthday_gift",
                    "campaign_name": "Birthday gift",
                    "campaign_custom_data": {"season": "summer"},
                    "event_trigger": {"occurrence": "2026", "date": "2026-06-08"},
                    "email": "ana@example.com",
                    "first_name": "Ana",
                    "points": 250,
                },
            }
        ],
    }


@pytest.mark.parametrize("name", ["context", "canvas_entry_properties"])
@pytest.mark.seed("S1-19", "S1-24")
def test_a_canvas_has_its_own_address_and_names(name):
    canvas = {"braze_canvas_id": "c0ffee"}
    pack = package(document(canvas_id="c0ffee", campaign_id=None), settings=canvas)
    sent = body(pack, canvas_properties=name)
    assert sent["canvas_id"] == "c0ffee"
    assert "campaign_id" not in sent
    assert sent["recipients"][0][name]["first_name"] == "Ana"
    assert provider().request(pack, attempted_at=NOW).url.endswith(".com/canvas/trigger/send")


@pytest.mark.parametrize(
    ("identifier", "recipient"),
    [
        ({"external_user_id": "m1"}, {"external_user_id": "m1"}),
        (
            {"user_alias": {"alias_name": "9001", "alias_label": "loyalty_id"}},
            {"user_alias": {"alias_name": "9001", "alias_label": "loyalty_id"}},
        ),
        (
            {"email": "ana@example.com"},
            {"email": "ana@example.com", "prioritization": ["identified", "most_recently_updated"]},
        ),
    ],
)
@pytest.mark.seed("S1-03")
def test_identifiers(identifier, recipient):
    (sent,) = body(package(document(customer_identifier=identifier)))["recipients"]
    properties = sent.pop("trigger_properties")
    assert sent == recipient
    # The email travels exactly once: as the identifier, or beside it.
    assert ("email" in properties) == ("email" not in identifier)


def test_fifty_customers_fit_and_one_more_does_not():
    assert len(body(package(*map(member, range(50))))["recipients"]) == 50
    with pytest.raises(ValueError, match="1 to 50"):
        body(package(*map(member, range(51))))


def test_a_customer_twice_in_a_request_is_our_bug():
    with pytest.raises(ValueError, match="msg_0000 and msg_0002"):
        body(package(member(1), member(2), member(1)))


def test_another_target_than_the_package_s_is_our_bug():
    with pytest.raises(ValueError, match="another campaign_id"):
        body(package(document(campaign_id="other")))


@pytest.mark.parametrize("wrong", [{}, {"braze_campaign_id": "{{CAMPAIGN ID}}"}, {"braze_canvas": "a"}])
def test_settings_that_were_never_checked_are_our_bug(wrong):
    assert provider().settings_problems(wrong)
    with pytest.raises(ValueError, match="package-1"):
        body(package(settings=wrong or {"": ""}))


def test_the_author_wins_a_clash_of_names_and_nothing_is_lost():
    clash = document(properties={"offer_title": "Half price for you", "offer_id": "off-50", "campaign_id": 7})
    properties = trigger_properties(clash)
    assert properties["offer_title"] == "Half price for you"
    assert properties["contract_offer_title"] == "50% off one pair"
    assert "contract_offer_id" not in properties  # equal values do not clash
    assert (properties["campaign_id"], properties["contract_campaign_id"]) == (7, "birthday_gift")
    taken = document(properties={"offer_id": "mine", "contract_offer_id": "also mine"})
    assert trigger_properties(taken)["contract_contract_offer_id"] == "off-50"


def test_no_properties_at_all():
    bare = {"customer_identifier": {"external_user_id": "m"}, "broadcast": False}
    assert body(package(bare))["recipients"] == [{"external_user_id": "m", "trigger_properties": {}}]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"properties": {"text": "ä" * 25_000}}, "50 KB"),
        ({"properties": {"number": float("nan")}}, "JSON"),
        ({"properties": {"text": "\ud800"}}, "JSON"),
        ({"properties": {"when": NOW}}, "JSON"),
        ({"customer_identifier": None}, "exactly one"),
        ({"customer_identifier": {}}, "exactly one"),
        ({"customer_identifier": {"external_user_id": ""}}, "exactly one"),
        ({"customer_identifier": {"external_user_id": "a", "email": "a@b"}}, "exactly one"),
        ({"customer_identifier": {"user_alias": {"alias_name": "a"}}}, "exactly one"),
        ({"customer_identifier": {"email": "a@b\n"}}, "not an address"),
        ({"customer_identifier": {"email": "no address"}}, "not an address"),
        ({"broadcast": True}, "broadcast"),
    ],
)
@pytest.mark.seed("S1-20")
def test_one_impossible_message_is_named_and_the_others_are_not(change, why):
    with pytest.raises(ItemsRejected) as caught:
        body(package(member(1), document(**change), member(2)))
    (item,) = caught.value.items
    assert item.message_id == "msg_0001"
    assert why in item.reason
    assert "ana@" not in str(caught.value)


def test_properties_of_exactly_fifty_kilobytes_fit():
    def filled(length):
        return document(properties={"text": "x" * length}, offer={}, event_trigger={}, campaign={}, point_award={})

    spare = 50_000 - len(contracts.compact(trigger_properties(filled(0))))
    assert body(package(filled(spare)))
    with pytest.raises(ItemsRejected):
        body(package(filled(spare + 1)))


TEXT = st.text(max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
IDENTIFIER = st.one_of(
    st.none(),
    st.fixed_dictionaries({"external_user_id": TEXT}),
    st.fixed_dictionaries({"email": st.from_regex(r"[^\n]*@[^\n]*", fullmatch=True) | TEXT}),
    st.fixed_dictionaries({"user_alias": st.dictionaries(st.sampled_from(["alias_name", "alias_label", "x"]), TEXT)}),
    st.dictionaries(TEXT, JSON, max_size=2),
)


@given(
    documents=st.lists(
        st.fixed_dictionaries(
            {"customer_identifier": IDENTIFIER, "email": st.none() | TEXT},
            optional={
                "properties": st.dictionaries(st.sampled_from(["offer_id", "contract_offer_id", "a"]) | TEXT, JSON),
                "offer": st.fixed_dictionaries({"offer_id": TEXT}),
                "event_trigger": st.dictionaries(TEXT, JSON, max_size=2),
            },
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_the_documents_hold_a_request_keeps_the_contract_or_is_not_made(documents):
    people = [json.dumps(each["customer_identifier"], sort_keys=True) for each in documents]
    try:
        sent = body(package(*documents))
    except ItemsRejected:
        return
    except ValueError:
        assert len(set(people)) < len(people)
        return
    assert len(sent["recipients"]) == len(documents)
    assert "broadcast" not in sent


# ------------------------------------------------------------------------------------------------------- answers

SUCCESS = {"message": "success", "dispatch_id": "3f1d6a"}


@pytest.mark.parametrize("status", [200, 201, 202])
def test_yes(status):
    assert answered(status, SUCCESS) == Accepted("3f1d6a")


def test_partial_errors_are_notes():
    result = answered(201, SUCCESS | {"errors": ["one\x1b[31m", {"type": "invalid", "index": 0}]})
    assert result == Accepted("3f1d6a", ("one\\x1b[31m", '{"type": "invalid", "index": 0}'))


def test_a_paused_canvas_is_a_refusal_that_says_so():
    result = answered(201, SUCCESS | {"notice": "The Canvas is paused."})
    assert isinstance(result, Refused)
    assert "The Canvas is paused." in result.reason
    assert not result.stop_provider


@pytest.mark.parametrize("lost", [b"", b"<html>ok</html>", b'{"message":"succ', b"[]", b"\xff\xfe", b"[" * 100_000])
def test_yes_with_a_lost_body(lost):
    result = answered(201, lost)
    assert isinstance(result, Accepted)
    assert result.reference is None
    assert result.notes


def test_yes_that_says_no_is_unknown():
    assert isinstance(answered(201, {"message": "Invalid campaign"}), Unknown)


@pytest.mark.parametrize(
    ("status", "stops"), [(400, False), (401, True), (403, True), (404, True), (405, False), (413, False), (302, True)]
)
def test_no(status, stops):
    result = answered(status, {"message": "because"})
    assert isinstance(result, Refused)
    assert result.stop_provider == stops


@pytest.mark.parametrize("status", [500, 502, 503])
def test_later(status):
    assert isinstance(answered(status, b"<html>Service Unavailable</html>"), RefusedRetryable)
    assert answered(status, b"", retry_after="7").retry_after_seconds == 7


@pytest.mark.parametrize("status", [504, 501, 520, 599, 100, 0, 700])
def test_nobody_knows(status):
    assert isinstance(answered(status, b"<html>"), Unknown)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) - 90)}, 0),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) + 99_999)}, 3600),
        ({"x_ratelimit_reset": str(int(NOW.timestamp()) + 90), "date": "Mon, 01 Jun 2026 09:01:00 GMT"}, 30),
        ({"x_ratelimit_reset": "soon", "retry_after": "11"}, 11),
        ({"x_ratelimit_reset": "9" * 400}, None),
        ({}, None),
    ],
)
def test_too_many_requests_waits_for_the_reset(headers, wait):
    result = answered(429, {"message": "Rate Limited"}, **headers)
    assert isinstance(result, RefusedRetryable)
    assert result.retry_after_seconds == wait


def test_no_answer():
    classify = provider().classify
    assert classify(Failure("not_sent", "refused")) == RefusedRetryable("refused")
    assert classify(Failure("not_sent", "private", permanent=True)) == Refused("private", stop_provider=True)
    assert classify(Failure("ambiguous", "reset")) == Unknown("reset")


def test_an_answer_that_echoes_the_key_is_masked():
    braze = provider()
    braze.request(package(), attempted_at=NOW)
    for status in (201, 400, 401, 429, 503, 504):
        for content in ({"message": f"bad {BRAZE_KEY}"}, SUCCESS | {"notice": BRAZE_KEY, "errors": [BRAZE_KEY]}):
            result = braze.classify(Response(status, {}, json.dumps(content).encode(), NOW))
            assert BRAZE_KEY not in repr(result)


def test_a_long_answer_is_cut_and_control_characters_are_shown():
    reason = answered(400, {"message": "\x1b]0;" + "x" * 10_000 + "\u202e"}).reason
    assert len(reason) < 300
    assert reason.isprintable()


# ------------------------------------------------------------------------------------------------------ settings


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://rest.iad-01.braze.com",
        "https://user:password@rest.iad-01.braze.com",
        "https://rest.iad-01.braze.com/campaigns",
        "https://rest.iad-01.braze.com?a=b",
        "https://rest.iad-01.braze.com#a",
        "https://[::1",
        "https://braze.com:port",
        "https://bräze.com",
    ],
)
def test_endpoints_that_cannot_be_used(endpoint):
    with pytest.raises(EnvironmentProblem) as caught:
        provider(endpoint=endpoint)
    assert "password" not in caught.value.message or "holds a user" in caught.value.message
    assert caught.value.help


def test_plain_http_is_for_private_networks():
    assert provider(endpoint="http://127.0.0.1:9", allow_private_addresses=True)
    assert provider(endpoint="https://rest.iad-01.braze.com/")
