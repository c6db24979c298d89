"""What the sandbox makes of requests, right ones and wrong ones."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from sandbox_world import document, package, provider, with_sandbox

from campaign_dsl.run.providers import Accepted, Refused, RefusedRetryable, Unknown, contracts
from campaign_dsl.run.sandbox import Counts, counts
from campaign_dsl.run.sandbox.judging import judge
from campaign_dsl.run.sandbox.reading import Unreadable, read_json
from campaign_dsl.run.sandbox.replies import reply

JSON_TYPE = "application/json"


def test_a_campaign_is_caught_with_its_properties(tmp_path):
    async def work(sandbox):
        result = await sandbox.deliver("braze", package(document(1), document(2)))
        return result, await sandbox.messages()

    result, (first, second) = with_sandbox(tmp_path, work)
    assert isinstance(result, Accepted)
    assert result.reference
    assert (first["recipient"], second["recipient"]) == ("member-0001", "member-0002")
    assert first["request"] == second["request"]
    assert first["target"] == "Braze campaign b4d1c8f0-birthday"
    assert first["campaign"] == "birthday_gift"
    assert first["properties"]["offer_title"] == "50% off one pair"
    assert first["properties"]["email"] == "member1@example.com"
    assert (first["provider"], first["verdict"], first["status"], first["problems"]) == ("braze", "accepted", 201, [])


def test_the_largest_request_goes_through(tmp_path):
    def large(number):
        return document(number, properties={"text": "x" * 49_000})

    async def work(sandbox):
        return await sandbox.deliver("braze", package(*map(large, range(50)))), await sandbox.get("/messages/50")

    result, (status, text, _) = with_sandbox(tmp_path, work)
    assert isinstance(result, Accepted)
    assert status == 200
    assert len(text) < 1_000_000


def test_a_canvas_is_caught(tmp_path):
    canvas = document(canvas_id="c0ffee", campaign_id=None)

    async def work(sandbox):
        await sandbox.deliver("braze", package(canvas, settings={"braze_canvas_id": "c0ffee"}))
        return await sandbox.messages()

    (message,) = with_sandbox(tmp_path, work)
    assert message["target"] == "Braze Canvas c0ffee"
    assert message["properties"]["first_name"] == "Ana"


@pytest.mark.parametrize("target", [{}, {"campaign_id": None}])
def test_a_webhook_is_caught_and_its_signature_verified(tmp_path, target):
    async def work(sandbox):
        result = await sandbox.deliver("webhook", package(document(**target), settings={}))
        return result, await sandbox.messages()

    result, (message,) = with_sandbox(tmp_path, work)
    assert result == Accepted(None)
    assert (message["recipient"], message["target"], message["status"]) == (
        "member-0001",
        "event campaign.message",
        204,
    )
    assert message["campaign"] == "birthday_gift"
    assert message["properties"]["point_award_amount"] == 500


def test_the_path_and_query_of_a_webhook_stay_visible():
    request = provider("webhook", "http://127.0.0.1:1/").request(package(), attempted_at=datetime.now(UTC))
    assert request.url == "http://127.0.0.1:1/webhook/messages"


@pytest.mark.parametrize("age", [-600, 600])
def test_an_old_or_early_webhook_is_refused(tmp_path, age):
    async def work(sandbox):
        speaker = provider("webhook", sandbox.url)
        request = speaker.request(package(), attempted_at=datetime.now(UTC) + timedelta(seconds=age))
        named = {name.replace("-", "_"): value for name, value in request.headers.items()}
        status, answer, _ = await sandbox.post("/webhook", request.body, **named)
        return status, answer

    status, answer = with_sandbox(tmp_path, work)
    assert status == 400
    assert "timestamp" in answer["message"]


def test_a_forged_webhook_is_refused(tmp_path):
    async def work(sandbox):
        request = provider("webhook", sandbox.url).request(package(), attempted_at=datetime.now(UTC))
        named = {name.replace("-", "_"): value for name, value in request.headers.items()}
        return await sandbox.post("/webhook", request.body.replace(b"500", b"900"), **named)

    status, answer, _ = with_sandbox(tmp_path, work)
    assert status == 400
    assert "no matching signature" in answer["message"]


WRONG = [
    ("/braze/campaigns/trigger/send", b"", "not JSON"),
    ("/braze/campaigns/trigger/send", b"[]", "must be object"),
    ("/braze/campaigns/trigger/send", b"{}", "lacks `campaign_id`"),
    (
        "/braze/campaigns/trigger/send",
        b'{"campaign_id":"a","broadcast":true,"recipients":[{"email":"a@b"}]}',
        "not allowed",
    ),
    ("/braze/campaigns/trigger/send", b'{"campaign_id":"a","campaign_id":"b"}', "twice"),
    ("/braze/campaigns/trigger/send", b'{"campaign_id":"a","trigger_properties":{"a":NaN}}', "NaN"),
    ("/braze/campaigns/trigger/send", b'{"campaign_id":"a","trigger_properties":{"a":1e999}}', "too large"),
    ("/braze/campaigns/trigger/send", b'{"a":' + b"[" * 100_000, "levels deep"),
    ("/braze/campaigns/trigger/send", b'{"campaign_id":"\xff"}', "not JSON"),
    ("/braze/canvas/trigger/send", b'{"campaign_id":"a"}', "lacks `canvas_id`"),
    ("/webhook", b"{}", "lacks `webhook-id`"),
    ("/webhook/any/path", b"null", "must be object"),
]


@pytest.mark.parametrize(("path", "body", "said"), WRONG)
def test_a_breach_of_contract_is_refused_kept_and_shown(tmp_path, path, body, said):
    async def work(sandbox):
        status, answer, _ = await sandbox.post(path, body, content_type=JSON_TYPE, authorization="Bearer x")
        (message,) = await sandbox.messages()
        page = await sandbox.get(f"/messages/{message['id']}")
        return status, answer, message, page[0]

    status, answer, message, shown = with_sandbox(tmp_path, work)
    assert status == 400
    assert said in answer["message"]
    assert message["verdict"] == "refused"
    assert said in " ".join(message["problems"])
    assert shown == 200


def test_braze_wants_a_key_and_a_type(tmp_path):
    async def work(sandbox):
        path, body = (
            "/braze/campaigns/trigger/send",
            json.dumps({"campaign_id": "a", "recipients": [{"external_user_id": "m"}]}),
        )
        no_key = await sandbox.post(path, body.encode(), content_type=JSON_TYPE)
        no_type = await sandbox.post(path, body.encode(), authorization="Bearer x", content_type="text/plain")
        right = await sandbox.post(
            path, body.encode(), authorization="Bearer x", content_type="application/json; charset=utf-8"
        )
        return no_key[0], no_type[0], right[0]

    assert with_sandbox(tmp_path, work) == (401, 400, 201)


def test_unknown_addresses_are_kept_too(tmp_path):
    async def work(sandbox):
        answers = [(await sandbox.post(path))[0] for path in ("/", "/braze/users/track", "/smtp/send")]
        return answers, [message["provider"] for message in await sandbox.messages()]

    assert with_sandbox(tmp_path, work) == ([404] * 3, ["unknown"] * 3)


def test_a_body_too_large_is_refused_and_noted(tmp_path):
    async def work(sandbox):
        status, _, _ = await sandbox.post("/webhook", io.BytesIO(b"x" * 4_000_001))
        return status, await sandbox.messages()

    status, (message,) = with_sandbox(tmp_path, work)
    assert status == 413
    assert "4,000,000" in message["problems"][0]


def test_secrets_of_real_clients_are_not_kept(tmp_path):
    async def work(sandbox):
        await sandbox.post("/braze/users/track", authorization="Bearer canary", cookie="a=canary", x_api_key="canary")

    with_sandbox(tmp_path, work)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Bearer ****" in kept
    assert b"canary" not in kept


# ------------------------------------------------------------------------------------------------------- repeats


def test_a_message_seen_before_is_marked(tmp_path):
    async def work(sandbox):
        for ids in (["a"], ["a"], ["b"]):
            await sandbox.deliver("webhook", package(ids=ids))
        for number in (1, 1, 2):
            await sandbox.deliver("braze", package(document(number)))
        return [message["repeats"] for message in await sandbox.messages()]

    assert with_sandbox(tmp_path, work) == [None, 1, None, None, 4, None]
    assert counts(tmp_path / "caught.sqlite") == Counts(requests=6, accepted=6, refused=0, repeated=2)


def test_a_retry_after_a_refusal_is_no_repeat_but_after_a_lost_answer_it_is(tmp_path):
    async def work(sandbox):
        await sandbox.order(fail="500")
        refused = await sandbox.deliver("webhook", package(ids=["a"]))
        await sandbox.order(fail="reset")
        lost = await sandbox.deliver("webhook", package(ids=["a"]))
        again = await sandbox.deliver("webhook", package(ids=["a"]))
        return [refused, lost, again], await sandbox.messages()

    (refused, lost, again), messages = with_sandbox(tmp_path, work)
    assert isinstance(refused, RefusedRetryable)
    assert isinstance(lost, Unknown)
    assert isinstance(again, Accepted)
    assert [(message["verdict"], message["status"], message["repeats"]) for message in messages] == [
        ("refused", 500, None),
        ("accepted", None, None),
        ("accepted", 204, 2),
    ]


def test_counts_of_no_file_are_nothing(tmp_path):
    assert counts(tmp_path / "none.sqlite") == Counts()


# -------------------------------------------------------------------------------------------------------- faults


def test_faults_come_as_often_as_ordered(tmp_path):
    async def work(sandbox):
        assert await sandbox.order(fail="429", times=2) == {"fail": "429", "times": 2}
        results = [await sandbox.deliver(kind, package()) for kind in ("braze", "webhook", "braze")]
        return results, await sandbox.json("/control")

    (first, second, third), state = with_sandbox(tmp_path, work)
    assert isinstance(first, RefusedRetryable)
    assert 0 <= first.retry_after_seconds <= 1
    assert second.retry_after_seconds == 1
    assert isinstance(third, Accepted)
    assert state == {"fail": None, "times": 0}


def test_a_timeout_takes_the_message_and_never_answers(tmp_path):
    async def work(sandbox):
        await sandbox.order(fail="timeout")
        return await sandbox.deliver("braze", package(), timeout=0.2), await sandbox.messages()

    result, (message,) = with_sandbox(tmp_path, work)
    assert isinstance(result, Unknown)
    assert (message["verdict"], message["status"], message["fault"]) == ("accepted", None, "timeout")


def test_a_fault_can_be_called_off(tmp_path):
    async def work(sandbox):
        await sandbox.order(fail=500, times=100)
        await sandbox.order(fail=None)
        return await sandbox.deliver("braze", package())

    assert isinstance(with_sandbox(tmp_path, work), Accepted)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"fail":"418"}',
        b'{"fail":true}',
        b'{"fail":["429"]}',
        b'{"fail":"429","times":0}',
        b'{"fail":"429","times":true}',
        b'{"fail":"429","times":1.5}',
        b'{"fail":"429","times":99999999999}',
        b'{"fail":"429","time":1}',
    ],
)
def test_an_order_that_makes_no_sense_changes_nothing(tmp_path, body):
    async def work(sandbox):
        await sandbox.order(fail="429", times=3)
        status, answer, _ = await sandbox.post("/control", body, content_type=JSON_TYPE)
        return status, answer, await sandbox.json("/control")

    status, answer, state = with_sandbox(tmp_path, work)
    assert status == 400
    assert answer["message"]
    assert state == {"fail": "429", "times": 3}


# -------------------------------------------------------------------------------------- values in, values out


@pytest.mark.parametrize("fault", [None, "429", "500"])
@pytest.mark.parametrize("body", [b"{}", b'{"campaign_id":"a","recipients":[{"external_user_id":"m"}]}'])
@pytest.mark.parametrize(
    "headers", [{"content-type": JSON_TYPE}, {"content-type": JSON_TYPE, "authorization": "Bearer x"}]
)
def test_braze_s_answers_keep_the_contract_of_braze(fault, body, headers):
    judgement = judge("/braze/campaigns/trigger/send", headers, body)
    answer = reply(judgement, headers, fault, 1_780_000_000.5)
    document = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
    assert contracts.validate("braze-response", document) == []


@pytest.mark.parametrize("name", ["braze-campaigns-trigger-send.request", "braze-canvas-trigger-send.request"])
def test_the_judgement_is_the_contract_s(name):
    from pathlib import Path

    examples = Path(__file__).parents[2] / "providers" / "contracts" / "examples" / name
    path = "/braze/" + name.split("-")[1] + "/trigger/send"
    for file in examples.glob("*.json"):
        judgement = judge(path, {"content-type": JSON_TYPE}, file.read_bytes())
        assert bool(judgement.problems) == file.name.startswith("invalid"), file
        assert judgement.messages


@pytest.mark.parametrize(
    "body",
    [
        {"recipients": [1, None, {}, {"email": 5}, {"user_alias": []}, {"user_alias": {"alias_name": {}}}]},
        {"recipients": {}},
        {"recipients": [{"trigger_properties": [], "external_user_id": None}], "campaign_id": {"a": 1}},
        {"trigger_properties": 5},
        "text",
        None,
    ],
)
def test_the_strangest_bodies_are_judged(body):
    for path in ("/braze/campaigns/trigger/send", "/braze/canvas/trigger/send", "/webhook"):
        judgement = judge(path, {}, json.dumps(body).encode())
        assert judgement.problems
        assert judgement.messages


@pytest.mark.parametrize(
    "data",
    [
        {"offer": []},
        {"offer": 5, "properties": []},
        {"customer_identifier": []},
        {"customer_identifier": {}},
        {"customer_identifier": {"a": {"b": 1}}},
        {"campaign": "x", "event_trigger": "y"},
    ],
)
def test_the_strangest_webhooks_are_judged(data):
    body = json.dumps({"type": "campaign.message", "timestamp": "2026-06-01T09:00:00Z", "data": data}).encode()
    judgement = judge("/webhook", {}, body)
    assert any(problem.startswith("data/") for problem in judgement.problems)


def test_nesting_is_counted_outside_strings_and_in_one_pass():
    assert read_json(b'["' + b"[" * 1000 + b'\\"[", 1]') == ["[" * 1000 + '"[', 1]
    with pytest.raises(Unreadable, match="levels"):
        read_json(b"[" * 65 + b"]" * 65)
    assert read_json(b"[" * 64 + b"]" * 64)
    with pytest.raises(Unreadable, match="not JSON"):
        read_json(b'"\\' * 1_000_000)
    with pytest.raises(Unreadable, match="not JSON"):
        read_json(b"9" * 5000)


def test_refused_is_the_result_of_a_breach(tmp_path):
    async def work(sandbox):
        long = document(customer_identifier={"external_user_id": "m"}, campaign_id="a b")
        return await sandbox.deliver("webhook", package(long | {"email": "not an address"}))

    result = with_sandbox(tmp_path, work)
    assert isinstance(result, Refused)
    assert "data/email" in result.reason
