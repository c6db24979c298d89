"""A real HTTP server on loopback that answers as the test says, and remembers what reached it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.run.dispatch import Policy
from campaign_dsl.run.providers.braze import BrazeProvider
from campaign_dsl.run.providers.webhook import WebhookProvider

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

Answer = Callable[[int, web.Request, bytes], Any]
"""Given the number of the request (from 0), the request and its body: a response, or a coroutine of one."""


def accept(number: int, request: web.Request, body: bytes) -> web.Response:
    return web.json_response({"message": "success", "dispatch_id": f"d{number}"}, status=201)


def status(code: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda number, request, body: web.json_response({"message": f"status {code}"}, status=code, headers=named)


def first(*answers: Answer) -> Answer:
    """The given answers in turn, then acceptance."""

    def answer(number: int, request: web.Request, body: bytes) -> Any:
        return (answers[number] if number < len(answers) else accept)(number, request, body)

    return answer


async def hang(number: int, request: web.Request, body: bytes) -> web.Response:
    """Take the request, and say nothing for longer than anyone waits."""
    await asyncio.sleep(30)
    return accept(number, request, body)


def reset(number: int, request: web.Request, body: bytes) -> web.Response:
    """Take the request, and break the connection."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@dataclass
class Server:
    answer: Answer = accept
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    port: int = 0
    most_at_once: int = 0
    _open: int = 0

    @property
    def recipients(self) -> list[str]:
        """External ids of everyone a Braze request named, in order of arrival."""
        return [r["external_user_id"] for body in self.bodies for r in json.loads(body)["recipients"]]

    @property
    def webhook_ids(self) -> list[str]:
        return [headers["webhook-id"] for headers in self.headers]

    def braze(self, **settings: Any) -> BrazeProvider:
        return BrazeProvider(self._settings("braze", **settings), lambda name: "key-of-braze")

    def webhook(self, **settings: Any) -> WebhookProvider:
        return WebhookProvider(self._settings("webhook", **settings), lambda name: SECRET)

    def _settings(self, kind: str, **settings: Any) -> ProviderSettings:
        endpoint = f"http://127.0.0.1:{self.port}"
        return ProviderSettings(kind=kind, endpoint=endpoint, allow_private_addresses=True, **settings)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        number = len(self.bodies)
        self.bodies.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            answer = self.answer(number, request, body)
            response: web.StreamResponse = await answer if asyncio.iscoroutine(answer) else answer
            return response
        finally:
            self._open -= 1


@contextmanager
def serving(answer: Answer = accept) -> Iterator[Server]:
    """A server in a thread of its own, for the length of a test."""
    server = Server(answer)
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_route("*", "/{path:.*}", server.handle)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.port = runner.addresses[0][1]
        ready.set()
        await stop.wait()
        await runner.cleanup()

    def work() -> None:
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def eager(**changes: Any) -> Policy:
    """A policy for tests: short waits, loopback allowed."""
    return Policy(**({"timeout_seconds": 5.0, "allow_private": True, "first_wait_seconds": 0.05} | changes))
