"""What Braze's answers mean (braze-docs: errors, api_limits, the endpoint pages of both trigger endpoints)."""

from __future__ import annotations

from collections.abc import Iterable

from campaign_dsl.run.providers.answers import excerpt, json_object, reset_after, retry_after, said
from campaign_dsl.run.providers.protocol import Accepted, Refused, RefusedRetryable, Response, Result, Unknown


def classify(answer: Response, hide: Iterable[str] = ()) -> Result:
    """The result of an HTTP answer.

    Braze documents for every error code that no message is sent. We take its word but for 504 and codes it does not
    list, where another machine may have answered in its place.

    Args:
        hide: secrets to mask in what is quoted.
    """
    hide = tuple(hide)
    match answer.status:
        case status if 200 <= status <= 299:
            return _success(answer, hide)
        case status if 300 <= status <= 399:
            return Refused(f"Braze answered with a redirect ({status}); `endpoint` is wrong", stop_provider=True)
        case 401 | 403:
            return Refused(f"Braze does not accept the key, or not for this ({said(answer, hide)})", stop_provider=True)
        case 404:
            return Refused(
                f"Braze knows no such address; `endpoint` is wrong ({said(answer, hide)})", stop_provider=True
            )
        case 429:
            wait = reset_after(answer)
            return RefusedRetryable(
                f"over Braze's rate limit ({said(answer, hide)})", retry_after(answer) if wait is None else wait
            )
        case 500 | 502 | 503:
            return RefusedRetryable(f"Braze failed, nothing was sent ({said(answer, hide)})", retry_after(answer))
        case status if 400 <= status <= 499:
            return Refused(f"Braze refused the request ({said(answer, hide)})")
        case _:
            return Unknown(f"Braze may have sent it or not ({said(answer, hide)})")


def _success(answer: Response, hide: tuple[str, ...]) -> Result:
    """A 2xx: usually yes, but a paused Canvas is answered with 201 as well, and sends nothing."""
    body = json_object(answer)
    if body is None:
        return Accepted(None, (f"the body of the answer ({answer.status}) was lost or is not JSON",))
    if notice := body.get("notice"):
        return Refused(f"Braze took the request and sends nothing: {excerpt(notice, hide)}")
    if body.get("message", "success") != "success":
        return Unknown(f"Braze answered {said(answer, hide)}")
    errors = body.get("errors")
    notes = tuple(excerpt(error, hide) for error in errors[:5]) if isinstance(errors, list) else ()
    dispatch = body.get("dispatch_id")
    return Accepted(excerpt(dispatch, hide) if isinstance(dispatch, str) and dispatch else None, notes)
