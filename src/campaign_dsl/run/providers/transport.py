"""Sending one request, once: no redirects, no retries, no compression, one deadline, and no doubt about what left."""

from __future__ import annotations

import asyncio
import io
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from campaign_dsl.run.providers.addresses import is_public
from campaign_dsl.run.providers.protocol import Failure, Request, Response

MAX_ANSWER = 1_000_000
"""Bytes of an answer that are read; the rest is left."""

_AT_ONCE = 2**20  # larger bodies are handed over in pieces, or aiohttp warns that they hold up the loop


def open_session(allow_private: bool) -> aiohttp.ClientSession:
    """A session to `send` with. Open it where an event loop runs, and close it there.

    Connections are kept and used again. There is no queue for them, in which a deadline could pass: the caller limits
    how many requests are under way.

    Args:
        allow_private: whether hosts may be on a private network or this machine. If not, each socket is checked
            against the very address it is about to connect to, so that a name cannot change its mind in between.
    """
    connector = aiohttp.TCPConnector(limit=0, socket_factory=_socket if allow_private else _public_socket)
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_connecting)
    trace.on_connection_create_end.append(_connected)
    trace.on_connection_reuseconn.append(_connected)
    return aiohttp.ClientSession(
        connector=connector,
        auto_decompress=False,  # a small answer must not become a large one
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"accept-encoding": "identity", "user-agent": f"campaign-dsl/{version('campaign-dsl')}"},
        trace_configs=[trace],
        trust_env=False,
    )


async def send(session: aiohttp.ClientSession, request: Request, timeout: float) -> Response | Failure:
    """Send ``request`` and read the answer.

    Once the answer's status is known it is returned, with as much of the body as came in time: a broken body does not
    undo what the status says.

    aiohttp repeats a request on its own only for methods that may be repeated, after a kept connection broke; POST is
    not among them.

    Args:
        session: from `open_session`.
        timeout: seconds for everything together, from looking up the host to the last byte.
    """
    progress = _Progress()
    head: tuple[int, dict[str, str], datetime] | None = None
    body = bytearray()
    try:
        async with (
            asyncio.timeout(timeout),
            session.request(
                request.method,
                request.url,
                headers=request.headers,
                data=request.body if len(request.body) < _AT_ONCE else io.BytesIO(request.body),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                trace_request_ctx=progress,
            ) as answer,
        ):
            headers: dict[str, str] = {}
            for name, value in answer.headers.items():
                headers.setdefault(name.lower(), value)
            head = answer.status, headers, datetime.now(UTC)
            async for piece in answer.content.iter_any():
                body += piece
                if len(body) >= MAX_ANSWER:
                    answer.close()
                    break
    except Exception as error:  # whatever a library raises in between, the row in the outbox must get a result
        if head is None:
            return _failure(error, progress, request, timeout)
    status, headers, received_at = head
    return Response(status, headers, bytes(body[:MAX_ANSWER]), received_at)


# --------------------------------------------------------------------------------------------- what left this machine


@dataclass(slots=True)
class _Progress:
    """How far a request came. Only while it is connecting is it sure that nothing was sent."""

    connecting: bool = False


async def _connecting(_: aiohttp.ClientSession, context: Any, __: object) -> None:
    _mark(context, connecting=True)


async def _connected(_: aiohttp.ClientSession, context: Any, __: object) -> None:
    _mark(context, connecting=False)


def _mark(context: Any, *, connecting: bool) -> None:
    progress = context.trace_request_ctx
    if isinstance(progress, _Progress):  # the session may be used for other requests as well
        progress.connecting = connecting


def _failure(error: Exception, progress: _Progress, request: Request, timeout: float) -> Failure:
    """The failure, in words that name the host and nothing else of the request."""
    host = urlsplit(request.url).hostname
    late = isinstance(error, TimeoutError)
    if not progress.connecting:
        if late:
            return Failure("ambiguous", f"`{host}` gave no answer within {timeout:g} s")
        return Failure("ambiguous", f"the connection to `{host}` broke before an answer ({type(error).__name__})")
    match error:
        case aiohttp.ClientConnectorError(os_error=ForbiddenAddress()):
            reason = f"`{host}` is not at a public address, and `allow_private_addresses` is not set"
            return Failure("not_sent", reason, permanent=True)
        case aiohttp.ClientConnectorDNSError():
            return Failure("not_sent", f"no address is known for `{host}`")
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLError() | aiohttp.ClientSSLError():
            return Failure("not_sent", f"no trusted TLS connection to `{host}`: {_reason(error)}")
        case _ if late:
            return Failure("not_sent", f"no connection to `{host}` within {timeout:g} s")
        case _:
            return Failure("not_sent", f"no connection to `{host}`: {_reason(error)}")


def _reason(error: Exception) -> str:
    inner = getattr(error, "os_error", None) or getattr(error, "certificate_error", None) or error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return str(inner.verify_message)
    return getattr(inner, "strerror", None) or type(inner).__name__


# ---------------------------------------------------------------------------------------------------------- sockets


class ForbiddenAddress(PermissionError):
    """A host turned out to be at an address that requests may not go to."""


def _socket(address: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, _ = address
    return socket.socket(family, kind, protocol)


def _public_socket(address: tuple[Any, ...]) -> socket.socket:
    if not is_public(address[4][0]):
        raise ForbiddenAddress("the host is not at a public address")
    return _socket(address)
