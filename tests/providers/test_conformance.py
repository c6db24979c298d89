"""Our own providers pass the tests we hand to others, and broken ones do not."""

import dataclasses
import json
from typing import ClassVar

import pytest
from provider_world import BRAZE_KEY, WEBHOOK_SECRET, member, package, settings

from campaign_dsl.run.providers import (
    Accepted,
    Capability,
    Failure,
    RefusedRetryable,
    Request,
    SandboxProvider,
    Unknown,
    sandbox_secrets,
)
from campaign_dsl.run.providers.braze import BrazeProvider
from campaign_dsl.run.providers.webhook import WebhookProvider
from campaign_dsl.testing.provider import ProviderConformance


def at(kind, endpoint):
    return settings(kind, endpoint, allow_private_addresses=True)


class TestBraze(ProviderConformance):
    secrets: ClassVar = {"api_key": BRAZE_KEY}

    def provider(self, endpoint, secrets):
        return BrazeProvider(at("braze", endpoint), secrets)

    def package(self):
        return package(member(1), member(2))


class TestWebhook(ProviderConformance):
    secrets: ClassVar = {"secret": WEBHOOK_SECRET}

    def provider(self, endpoint, secrets):
        return WebhookProvider(at("webhook", endpoint), secrets)

    def package(self):
        return dataclasses.replace(package(), settings={})


class TestSandboxedBraze(TestBraze):
    """With the real key given by mistake: it must still not show."""

    def provider(self, endpoint, secrets):
        return SandboxProvider(super().provider("https://rest.iad-01.braze.com", secrets), endpoint)

    def test_the_key_does_not_travel(self):
        request = self._provider().request(self.package(), attempted_at=self.now())
        assert request.headers["authorization"] == "Bearer ****"
        assert BRAZE_KEY not in str(request.headers) + request.body.decode()
        assert request.url == "https://provider.example/braze/campaigns/trigger/send"
        assert (
            request.body
            == super().provider("https://a.example", self._secret).request(self.package(), attempted_at=self.now()).body
        )

    @staticmethod
    def now():
        from campaign_dsl.testing.provider import NOW

        return NOW


class TestSandboxedWebhook(TestWebhook):
    secrets: ClassVar = {"secret": sandbox_secrets("secret")}

    def provider(self, endpoint, secrets):
        return SandboxProvider(super().provider("https://hooks.example/messages", secrets), endpoint)


# ------------------------------------------------------------------------------- the suite finds what is planted


class Sloppy:
    """A provider with one fault at a time."""

    name = "sloppy"

    def __init__(self, fault, secrets):
        self.fault = fault
        self.capability = Capability(max_items=1, deduplicates=True)
        if fault == "eager":
            secrets("api_key")
        self.secrets = secrets
        self.calls = 0

    def __repr__(self):
        return f"Sloppy({self.secrets('api_key')})" if self.fault == "shown" else "Sloppy()"

    def settings_problems(self, variant_settings):
        return ()

    def request(self, pack, *, attempted_at):
        if len(pack.items) != 1 and self.fault != "greedy":
            raise ValueError("one")
        self.calls += 1
        (item, *_) = (*pack.items, None)
        ident = f"{item.message_id if item else ''}"
        if self.fault == "impure":
            ident += str(self.calls)
        if self.fault == "new ids":
            ident = attempted_at.isoformat().replace(":", "")
        document = {} if self.fault == "forgetful" or item is None else dict(item.document)
        body = json.dumps({"id": ident, "document": document}).encode()
        return Request("POST", "https://provider.example", {"authorization": self.secrets("api_key")}, body)

    def classify(self, answer):
        from campaign_dsl.run.providers import Refused

        if isinstance(answer, Failure):
            if answer.kind == "ambiguous":
                return RefusedRetryable("again") if self.fault == "blind" else Unknown("who knows")
            return Refused("no", stop_provider=True) if answer.permanent else RefusedRetryable("later")
        if self.fault == "partial" and answer.status == 418:
            raise KeyError(418)
        if 200 <= answer.status < 300:
            if self.fault == "distrustful" and not answer.body:
                return RefusedRetryable("no body")
            return Accepted(None)
        if answer.status == 429 and self.fault == "patient":
            return RefusedRetryable("later", 10.0**12)
        if self.fault == "chatty":
            return Refused(answer.body.decode("latin-1"), stop_provider=answer.status in (401, 403))
        return Refused("no", stop_provider=answer.status in (401, 403) and self.fault != "stubborn")


CAUGHT_BY = {
    "eager": "test_no_secret_is_read_before_it_is_needed",
    "impure": "test_a_request_is_pure",
    "new ids": "test_a_retry_can_be_recognised",
    "forgetful": "test_every_message_is_in_the_request",
    "greedy": "test_too_many_messages_are_refused",
    "partial": "test_every_answer_has_a_result",
    "patient": "test_every_answer_has_a_result",
    "distrustful": "test_success_is_never_tried_again",
    "stubborn": "test_a_key_that_is_not_accepted_stops_the_provider",
    "blind": "test_failures",
    "shown": "test_secrets_are_not_shown",
    "chatty": "test_secrets_are_not_shown",
}
PURE = sorted(
    name
    for name in dir(ProviderConformance)
    if name.startswith("test_") and "deliver" not in name and "_is_unknown" not in name
)


def suite(fault):
    class Case(ProviderConformance):
        secrets: ClassVar = {"api_key": BRAZE_KEY}

        def provider(self, endpoint, secrets):
            return Sloppy(fault, secrets)

        def package(self):
            return dataclasses.replace(package(), settings={})

    return Case()


@pytest.mark.parametrize("fault", CAUGHT_BY)
def test_a_planted_fault_is_found(fault):
    with pytest.raises((AssertionError, KeyError)):
        getattr(suite(fault), CAUGHT_BY[fault])()


@pytest.mark.parametrize("name", [name for name in PURE if name != "test_nobody_there_is_a_clean_retry"])
def test_a_provider_without_fault_passes(name):
    getattr(suite(None), name)()
