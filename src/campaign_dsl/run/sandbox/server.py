"""The sandbox's HTTP server, for this machine only."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import signal
import socket
import sqlite3
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.sandbox import views
from campaign_dsl.run.sandbox.faults import TAKEN, BadControl, Faults
from campaign_dsl.run.sandbox.judging import Judgement, Message, judge
from campaign_dsl.run.sandbox.reading import Unreadable, read_json
from campaign_dsl.run.sandbox.replies import Reply, reply
from campaign_dsl.run.sandbox.store import CODE, Store

MAX_BODY = 4_000_000
"""Bytes of a request that are taken; Braze takes no more either."""

_LONGEST_SILENCE = 120.0
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})
_PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "server": "campaign-sandbox",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class SandboxServer:
    """Catches what would have gone to a provider, judges it, and shows it on a page.

    Either blocking, with `serve_forever`, or as an async context manager inside a process that has work of its own::

        async with SandboxServer(path, 0) as sandbox:
            ...  # send to sandbox.url

    Paths are ``/braze/...`` and ``/webhook...``, as `SandboxProvider` makes them. ``/`` is the page, ``/messages/{id}``
    a request whole, ``/api/messages?limit=&after=`` the same for programs, ``/health`` says that it runs, and
    ``/control`` orders faults.

    Args:
        path: the SQLite file that requests are kept in; made when missing.
        port: 0 for a free one.
        host: an address of this machine; no other is listened on.

    Raises:
        ValueError: ``host`` is not a loopback address.
    """

    def __init__(self, path: Path, port: int, host: str = "127.0.0.1") -> None:
        host = "127.0.0.1" if host == "localhost" else host
        try:
            loopback = ip_address(host).is_loopback
        except ValueError:
            loopback = False
        if not loopback:
            raise ValueError("the sandbox listens on this machine only")
        self._path = path
        self._host = host
        self._port = port
        self._faults = Faults()
        self._closing = asyncio.Event()
        self._store: Store | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Base URL, without a slash at its end. With port 0 it is known once the server runs."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Listen.

        Raises:
            EnvironmentProblem: the file cannot be used, or the port is taken.
        """
        self._closing = asyncio.Event()
        self._store = Store(self._path)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        try:
            await self._runner.setup()
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            why = "something else does" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
            raise EnvironmentProblem(
                f"the sandbox cannot listen on port {self._port}: {why}",
                help="choose another with `--port`, or `sandbox.port` in workspace.yaml",
                code=CODE,
            ) from error
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening; what waits for a silent answer is let go."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._store is not None:
            self._store.close()
            self._store = None

    async def __aenter__(self) -> SandboxServer:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def serve_forever(self, ready: Callable[[str], None] = lambda url: None) -> None:
        """Serve until SIGINT or SIGTERM.

        Args:
            ready: called with the URL once it listens.

        Raises:
            EnvironmentProblem: see `start`.
        """
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        async with self:
            ready(self.url)
            await ended.wait()

    # --------------------------------------------------------------------------------------------------- the routes

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[_this_machine_only], client_max_size=MAX_BODY)
        app.on_response_prepare.append(_page_headers)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/messages/{id:[0-9]{1,15}}", self._show),
                web.get("/style.css", _style),
                web.get("/api/messages", self._list),
                web.get("/health", self._health),
                web.get("/control", self._show_control),
                web.post("/control", self._control),
                web.post("/{path:.*}", self._catch),
            ]
        )
        return app

    @property
    def _kept(self) -> Store:
        assert self._store is not None  # routes are served between start and stop only
        return self._store

    async def _catch(self, request: web.Request) -> web.StreamResponse:
        now = datetime.now(UTC)
        headers: dict[str, str] = {}
        for name, value in request.headers.items():
            headers.setdefault(name.lower(), value)
        fault = self._faults.take()
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            body = b""
            judgement = Judgement("unknown", (f"the body is larger than {MAX_BODY:,} bytes",), (Message(),))
            answer = Reply(413, {}, {"message": judgement.problems[0]})
        else:
            judgement = judge(request.path, headers, body)
            answer = reply(judgement, headers, None if fault in TAKEN else fault, now.timestamp())
        try:
            self._kept.add(
                at=now,
                method=request.method,
                path=request.path_qs,
                headers=[(name.lower(), _masked(name, value)) for name, value in request.headers.items()],
                body=body,
                judgement=judgement,
                taken=answer.status < 300,
                status=None if fault in TAKEN else answer.status,
                fault=fault,
            )
        except sqlite3.Error as error:
            return _json({"message": f"the sandbox cannot keep requests: {error}"}, status=503)
        if fault in TAKEN:
            await self._say_nothing(request, reset=fault == "reset")
        return _json(answer.body, status=answer.status, headers=dict(answer.headers))

    async def _say_nothing(self, request: web.Request, *, reset: bool) -> None:
        if not reset:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _LONGEST_SILENCE)
        transport = request.transport
        if transport is not None:
            linger = struct.pack("ii", 1, 0)  # closing now sends RST, as a crashed machine's network would
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()

    async def _index(self, request: web.Request) -> web.Response:
        search = request.query.get("q", "").strip()[:200]
        before = _number(request.query.get("before"))
        found = self._kept.newest(views.PAGE + 1, before=before, search=search)
        text = views.index(found, self._kept.counts(), self._faults.as_json(), search=search, first_page=before is None)
        return web.Response(text=text, content_type="text/html")

    async def _show(self, request: web.Request) -> web.Response:
        message_id = int(request.match_info["id"])
        found = self._kept.request_of(message_id)
        if found is None:
            raise web.HTTPNotFound(text=views.missing(message_id), content_type="text/html")
        return web.Response(text=views.message(found, message_id), content_type="text/html")

    async def _list(self, request: web.Request) -> web.Response:
        after = _number(request.query.get("after")) or 0
        limit = min(_number(request.query.get("limit")) or 100, 1000)
        found = self._kept.after(after, limit)
        listed = [views.as_json(each) for each in found]
        return _json({"messages": listed, "last": found[-1].id if found else after})

    async def _health(self, _: web.Request) -> web.Response:
        return _json({"service": _SERVICE, "store": _fingerprint(self._path)})

    async def _show_control(self, _: web.Request) -> web.Response:
        return _json(self._faults.as_json())

    async def _control(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":  # a foreign page in the browser cannot send this type unasked
            return _json({"message": "content-type: must be application/json"}, status=415)
        try:
            self._faults.order(read_json(await request.read()))
        except (Unreadable, BadControl) as error:
            return _json({"message": str(error)}, status=400)
        return _json(self._faults.as_json())


# ----------------------------------------------------------------------------------------------------- is one running

_SERVICE = "campaign-sandbox"


async def find_sandbox(path: Path, port: int, host: str = "127.0.0.1") -> str | None:
    """The URL of a running sandbox that keeps its requests in ``path``; None when nothing listens on the port.

    Raises:
        EnvironmentProblem: something else listens there, perhaps the sandbox of another workspace.
    """
    url = f"http://{host}:{port}"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session,
            session.get(f"{url}/health", allow_redirects=False) as answer,
        ):
            health = json.loads(await answer.content.read(10_000))
    except aiohttp.ClientConnectorError:
        return None
    except (aiohttp.ClientError, ValueError, OSError, TimeoutError):
        health = None
    if not isinstance(health, dict) or health.get("service") != _SERVICE:
        what = "something that is no sandbox listens"
    elif health.get("store") != _fingerprint(path):
        what = "the sandbox of another workspace listens"
    else:
        return url
    raise EnvironmentProblem(
        f"{what} on port {port}",
        help="stop it, or choose another `sandbox.port` in workspace.yaml",
        code=CODE,
    )


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()


# -------------------------------------------------------------------------------------------------------------- helpers

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _this_machine_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses requests for another host name: a foreign page could point its own name at this machine."""
    try:
        host = urlsplit(f"//{request.host}").hostname or ""
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        return web.Response(status=421, text="The sandbox answers to localhost only.\n")
    return await handler(request)


async def _page_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_PAGE_HEADERS)


async def _style(_: web.Request) -> web.Response:
    return web.Response(text=views.style(), content_type="text/css")


def _json(document: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    if document is None:
        return web.Response(status=status, headers=headers)
    return web.json_response(document, status=status, headers=headers)


def _masked(name: str, value: str) -> str:
    if name.lower() not in _SECRET_HEADERS:
        return value
    scheme, separator, _ = value.partition(" ")
    return f"{scheme} ****" if separator else "****"


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 15 else None
