"""Webhooks after Standard Webhooks 1.0: one signed message a request, for a receiver of one's own."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from standardwebhooks import Webhook

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.outcomes.settings import settings_problems
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers.answers import failed, retry_after, said
from campaign_dsl.run.providers.contracts import compact
from campaign_dsl.run.providers.endpoints import checked_endpoint
from campaign_dsl.run.providers.protocol import (
    Accepted,
    Capability,
    Failure,
    ItemsRejected,
    Package,
    Refused,
    RefusedRetryable,
    RejectedItem,
    Request,
    Response,
    Result,
    Secrets,
    Unknown,
)
from campaign_dsl.run.secrets import CODE as SECRET_CODE

EVENT_TYPE = "campaign.message"

MAX_BODY_BYTES = 20_000
"""Standard Webhooks recommends to stay below 20 kB; receivers may refuse more."""

_ID = re.compile(r"[\x21-\x2d\x2f-\x7e]{1,256}")


class WebhookProvider:
    """Posts each message to ``endpoint`` as ``{"type": "campaign.message", "timestamp": ..., "data": document}``.

    The receiver promises to act once per ``webhook-id``, which is the message id on every attempt; timestamp and
    signature are the attempt's own. A signature is verified with any Standard Webhooks library.

    Raises:
        EnvironmentProblem: the endpoint in ``settings`` cannot be used.
    """

    name: ClassVar[str] = "webhook"
    capability = Capability(max_items=1, deduplicates=True)

    def __init__(self, settings: ProviderSettings, secrets: Secrets) -> None:
        self._endpoint = checked_endpoint(settings, path=True)
        self._secrets = secrets
        self._seen: tuple[str, ...] = ()  # secrets in use, so that an answer that echoes one is masked

    def __repr__(self) -> str:
        return "WebhookProvider()"  # the path of an endpoint can be a secret

    def settings_problems(self, variant_settings: Mapping[str, str]) -> tuple[str, ...]:
        """See `outcomes.settings`."""
        return tuple(problem.message for problem in settings_problems(self.name, variant_settings))

    def request(self, package: Package, *, attempted_at: datetime) -> Request:
        """See `Provider.request`. Headers and body follow the two ``standard-webhooks`` contracts.

        ``timestamp`` in the body is when the message came to be: the campaign's runtime where the document carries
        one, so that the body is the same on every attempt; else the attempt.
        """
        if len(package.items) != 1:
            raise ValueError(f"package {package.package_id} has {len(package.items)} messages; a webhook carries one")
        if attempted_at.tzinfo is None:
            raise ValueError("`attempted_at` has no offset")
        (item,) = package.items
        if not _ID.fullmatch(item.message_id):
            raise ValueError(f"message id {item.message_id!r} cannot be a webhook-id (a full stop or space, say)")
        attempt = attempted_at.astimezone(UTC)
        try:
            body = compact({"type": EVENT_TYPE, "timestamp": _timestamp(item.document, attempt), "data": item.document})
        except (ValueError, TypeError):
            raise _rejected(item.message_id, "it holds a value that JSON cannot say") from None
        if len(body) > MAX_BODY_BYTES:
            raise _rejected(item.message_id, "it is larger than the 20 kB of a webhook")
        return Request("POST", self._endpoint, self._headers(item.message_id, attempt, body), body)

    def classify(self, answer: Response | Failure) -> Result:
        """See `Provider.classify`. The contract calls nothing but 2xx a success; what may pass is tried again."""
        if isinstance(answer, Failure):
            return failed(answer)
        what = said(answer, self._seen)
        match answer.status:
            case status if 200 <= status <= 299:
                return Accepted(None)
            case status if 300 <= status <= 399:
                return Refused(f"the receiver redirects, which is never followed ({status})", stop_provider=True)
            case 401 | 403:
                return Refused(f"the receiver does not accept our signature or us ({what})", stop_provider=True)
            case 410:
                return Refused(f"the receiver wants no more webhooks ({what})", stop_provider=True)
            case status if status in (408, 425, 429) or 500 <= status <= 599:
                return RefusedRetryable(f"the receiver cannot take it now ({what})", retry_after(answer))
            case status if 400 <= status <= 499:
                return Refused(f"the receiver refused the message ({what})")
            case _:
                return Unknown(f"the receiver gave no final answer ({what})")

    def _headers(self, message_id: str, attempt: datetime, body: bytes) -> dict[str, str]:
        signer = Webhook(self._secret())
        # sign() overwrites the offset instead of converting: `attempt` is UTC, or the signature would be wrong.
        signature: str = signer.sign(message_id, attempt, body.decode())
        return {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(attempt.timestamp())),
            "webhook-signature": signature,
        }

    def _secret(self) -> str:
        secret = self._secrets("secret")
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            key = b""
        if not secret.startswith("whsec_") or not 24 <= len(key) <= 64:
            raise EnvironmentProblem(
                "the `secret` of a `webhook` provider is not one of Standard Webhooks",
                help="it is `whsec_` and the base64 text of 24 to 64 random bytes",
                code=SECRET_CODE,
            )
        if secret not in self._seen:
            self._seen = (*self._seen[-1:], secret)
        return secret


def _timestamp(document: Mapping[str, Any], attempt: datetime) -> str:
    runtime = (document.get("campaign") or {}).get("campaign_runtime")
    return runtime if isinstance(runtime, str) else attempt.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rejected(message_id: str, reason: str) -> ItemsRejected:
    return ItemsRejected((RejectedItem(message_id, reason),))
