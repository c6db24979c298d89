"""Reading answers: any bytes in, something safe out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from campaign_dsl.run.providers.protocol import Failure, Refused, RefusedRetryable, Response, Result, Unknown

LONGEST_WAIT = 3600.0
"""Seconds. Whatever a provider asks for, it is asked again after an hour."""

_SHOWN = 200
_MASK = "****"


def json_object(answer: Response) -> dict[str, Any] | None:
    """The body as a JSON object; None when it is anything else, or cannot be read."""
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def excerpt(text: object, hide: Iterable[str] = ()) -> str:
    """At most 200 characters of what a provider said, on one line, with our own secrets masked.

    Args:
        hide: secrets of ours that the provider may have echoed.
    """
    try:
        shown = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    except RecursionError:
        return "(nested too deeply to show)"
    for secret in hide:
        shown = shown.replace(secret, _MASK)
    shown = "".join(_visible(character) for character in shown[: _SHOWN * 4])
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def _visible(character: str) -> str:
    if unicodedata.category(character)[0] not in "CZ" or character == " ":
        return character
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{{{ord(character):x}}}"


def said(answer: Response, hide: Iterable[str] = ()) -> str:
    """What a refusal says about itself: the status, and the body's ``message`` if it has one."""
    message = (json_object(answer) or {}).get("message")
    return f"{answer.status}: {excerpt(message, hide)}" if isinstance(message, str) and message else f"{answer.status}"


def retry_after(answer: Response) -> float | None:
    """Seconds that ``retry-after`` asks for, from 0 to an hour; None when it is missing or makes no sense.

    It holds whole seconds or an HTTP date (RFC 9110, 10.2.3).
    """
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return LONGEST_WAIT if len(text) > 9 else _capped(float(text))
    until = _http_date(text)
    now = _instant(answer)
    return None if until is None or now is None else _capped((until - now).total_seconds())


def reset_after(answer: Response) -> float | None:
    """Seconds until ``x-ratelimit-reset`` (UTC epoch seconds), from 0 to an hour; None when it makes no sense."""
    text = answer.headers.get("x-ratelimit-reset", "").strip()
    now = _instant(answer)
    if now is None or not re.fullmatch(r"[0-9]{1,11}", text):
        return None
    return _capped(int(text) - now.timestamp())


def _instant(answer: Response) -> datetime | None:
    return _http_date(answer.headers.get("date", "")) or answer.received_at


def _http_date(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _capped(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT)


def failed(failure: Failure) -> Result:
    """The result of a request that got no answer: the same for every provider."""
    if failure.kind == "ambiguous":
        return Unknown(failure.reason)
    if failure.permanent:
        return Refused(failure.reason, stop_provider=True)
    return RefusedRetryable(failure.reason)
