"""Answers as the real providers give them. Those of Braze follow the contract ``braze-response``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from campaign_dsl.run.sandbox.judging import Judgement

BRAZE_LIMIT = 250_000
"""Trigger requests an hour with recipients, shared by a workspace (braze-docs, api_limits)."""

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer; without ``body`` it is empty."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None


def reply(judgement: Judgement, headers: Mapping[str, str], fault: str | None, now: float) -> Reply:
    """What the provider would answer.

    Args:
        headers: of the request, names in lower case.
        fault: an ordered one that is answered (429 or 500), or None.
        now: UTC epoch seconds.
    """
    if judgement.provider == "braze":
        return _braze(judgement, headers, fault, now)
    if fault is not None:
        return Reply(
            int(fault), {"retry-after": "1"} if fault == "429" else {}, {"message": "a fault that was ordered"}
        )
    if judgement.provider == "unknown":
        return Reply(404, {}, {"message": judgement.problems[0]})
    if judgement.problems:
        return Reply(400, {}, {"message": "; ".join(judgement.problems)})
    return Reply(204)


def _braze(judgement: Judgement, headers: Mapping[str, str], fault: str | None, now: float) -> Reply:
    window = {
        "x-ratelimit-limit": str(BRAZE_LIMIT),
        "x-ratelimit-remaining": str(BRAZE_LIMIT - 1),
        "x-ratelimit-reset": str((int(now) // _HOUR + 1) * _HOUR),
    }
    if fault == "429":
        window |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(now) + 1)}
        return Reply(429, window, {"message": "Rate Limited"})
    if fault is not None:
        return Reply(int(fault), window, {"message": "a fault that was ordered"})
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return Reply(401, {}, {"message": "Invalid API key"})
    if judgement.problems:
        return Reply(400, window, {"message": "; ".join(judgement.problems)})
    return Reply(201, window, {"message": "success", "dispatch_id": token_hex(16)})
