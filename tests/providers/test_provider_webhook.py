import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from provider_world import WEBHOOK_SECRET, document, member, package, secrets, settings
from standardwebhooks import Webhook

from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers import (
    Accepted,
    Failure,
    Item,
    ItemsRejected,
    Package,
    Refused,
    RefusedRetryable,
    Response,
    Unknown,
    contracts,
)
from campaign_dsl.run.providers.webhook import WebhookProvider

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
URL = "https://hooks.footwear.example/messages?tenant=a"


def provider(secret=WEBHOOK_SECRET, endpoint=URL):
    return WebhookProvider(settings("webhook", endpoint), lambda _: secret)


def request(pack=None, at=NOW, **more):
    made = provider(**more).request(pack or package(), attempted_at=at)
    assert contracts.validate("standard-webhooks-headers", dict(made.headers)) == []
    assert contracts.validate("standard-webhooks-payload", json.loads(made.body)) == []
    return made


def answered(status, content=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return provider().classify(Response(status, named, content, NOW))


def test_the_body_is_the_document():
    made = request()
    assert (made.method, made.url) == ("POST", URL)
    assert json.loads(made.body) == {
        "type": "campaign.message",
        "timestamp": "2026-06-01T09:00:00+02:00",
        "data": document(),
    }


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-8)), timezone(timedelta(minutes=345))]
)
@pytest.mark.seed("S0-15")
def test_the_library_verifies_the_signature_whatever_the_attempt_s_offset(zone):
    now = datetime.now(zone)
    made = request(at=now)
    assert Webhook(WEBHOOK_SECRET).verify(made.body, dict(made.headers)) == json.loads(made.body)
    assert made.headers["webhook-timestamp"] == str(int(now.timestamp()))


@pytest.mark.seed("S0-15")
def test_a_retry_has_the_same_id_and_body_and_its_own_signature():
    first, again = request(), request(at=NOW + timedelta(minutes=5))
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == "msg_0000"
    assert first.body == again.body
    assert first.headers["webhook-signature"] != again.headers["webhook-signature"]


def test_without_a_runtime_the_body_bears_the_attempt():
    bare = document()
    del bare["campaign"]
    at = datetime(2026, 6, 1, 11, tzinfo=timezone(timedelta(hours=2)))
    assert json.loads(request(package(bare), at=at).body)["timestamp"] == "2026-06-01T09:00:00.000Z"


@pytest.mark.parametrize("message_id", ["", "a.b", "a b", "a\n", "a\x00", "ä", "x" * 257])
def test_ids_that_would_break_the_contract_are_our_bug(message_id):
    with pytest.raises(ValueError, match="webhook-id"):
        request(Package("p", {}, (Item(message_id, document()),)))


def test_one_message_a_request():
    for documents in ((), (member(1), member(2))):
        with pytest.raises(ValueError, match="carries one"):
            request(Package("p", {}, tuple(Item("m", each) for each in documents)))


def test_an_attempt_without_offset_is_our_bug():
    with pytest.raises(ValueError, match="offset"):
        request(at=datetime(2026, 6, 1, 9))  # noqa: DTZ001


@pytest.mark.parametrize("properties", [{"a": "x" * 20_000}, {"a": float("inf")}, {"a": "\udfff"}, {"a": NOW}])
def test_an_impossible_message_is_named(properties):
    with pytest.raises(ItemsRejected) as caught:
        request(package(document(properties=properties)))
    assert [item.message_id for item in caught.value.items] == ["msg_0000"]


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "whsec_c2hvcnQ=", "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5", "whsec_" + "QUFB" * 30, "whsec_***"],
)
def test_a_secret_that_is_none_is_said_and_not_shown(secret):
    with pytest.raises(EnvironmentProblem) as caught:
        request(secret=secret)
    assert not secret or secret not in str(caught.value) + str(caught.value.help) or secret == "whsec_"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_only_2xx_is_success(status):
    assert answered(status, b"\xff") == Accepted(None)


@pytest.mark.parametrize(
    ("status", "stops"),
    [(301, True), (307, True), (400, False), (401, True), (403, True), (404, False), (409, False), (410, True)],
)
def test_no(status, stops):
    result = answered(status)
    assert isinstance(result, Refused)
    assert result.stop_provider == stops


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
@pytest.mark.seed("S0-15")
def test_later(status):
    assert answered(status, retry_after="30").retry_after_seconds == 30


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", 0),
        ("120", 120),
        ("3601", 3600),
        ("1000000000000", 3600),
        ("9" * 5000, 3600),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("1e3", None),
        ("Mon, 01 Jun 2026 09:02:00 GMT", 120),
        ("Mon, 01 Jun 2026 08:00:00 GMT", 0),
        ("Mon, 01 Jun 2099 08:00:00 GMT", 3600),
        ("Monday, 01-Jun-26 09:02:00 GMT", 120),
        ("Mon, 99 Jun 2026 09:02:00 GMT", None),
        ("Mon, 01 Jun 99999 09:02:00 GMT", None),
    ],
)
def test_every_kind_of_retry_after(text, wait):
    result = answered(429, retry_after=text)
    assert isinstance(result, RefusedRetryable)
    assert result.retry_after_seconds == wait


def test_nobody_knows():
    assert isinstance(answered(100), Unknown)
    assert isinstance(provider().classify(Failure("ambiguous", "reset")), Unknown)


def test_the_path_of_an_endpoint_is_not_shown():
    webhook = WebhookProvider(settings("webhook", "https://hooks.example/canary-token"), secrets)
    assert "canary" not in repr(webhook) + repr(webhook.request(package(), attempted_at=NOW))


def test_plain_http_and_passwords_are_refused():
    for endpoint in ("http://hooks.example/", "https://a:b@hooks.example/", "https://hooks.example/#a"):
        with pytest.raises(EnvironmentProblem):
            provider(endpoint=endpoint)


def test_settings_are_none():
    assert provider().settings_problems({}) == ()
    assert provider().settings_problems({"braze_campaign_id": "a"})
