"""The tests every provider must pass, for its author to run.

Subclass `ProviderConformance` in a test file, say how your provider is made and what it sends, and pytest collects the
rest::

    class TestCarrierPigeon(ProviderConformance):
        secrets: ClassVar = {"api_key": "a canary"}

        def provider(self, endpoint, secrets):
            return CarrierPigeon(settings(endpoint), secrets)

        def package(self):
            return Package("p1", {"loft": "north"}, (Item("msg_1", DOCUMENT),))

Nothing here needs pytest or leaves this machine. Servers listen on loopback, so ``provider`` must accept an endpoint
``http://127.0.0.1:<port>`` (with ``allow_private_addresses``).
"""

from __future__ import annotations

import asyncio
import copy
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from campaign_dsl.run.providers.protocol import (
    Accepted,
    Failure,
    Package,
    Provider,
    Refused,
    RefusedRetryable,
    Request,
    Response,
    Result,
    Secrets,
    Unknown,
)
from campaign_dsl.run.providers.transport import open_session, send

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)

BODIES: tuple[bytes, ...] = (
    b"",
    b"{}",
    b"null",
    b"[]",
    b'"text"',
    b"1e999",
    b'{"message":"success"}',
    b'{"message":"success","errors":["a",{"b":1}],"notice":5,"dispatch_id":[]}',
    b'{"message":{"a":"b"},"errors":"none"}',
    b'{"message":"\\ud800"}',
    b"<html><body>Bad Gateway</body></html>",
    b'{"message":"succ',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b"9" * 5_000,
)
"""Answers' bodies: right ones, wrong ones, and ones that break careless readers."""

HEADERS: tuple[Mapping[str, str], ...] = (
    {},
    {"retry-after": "5"},
    {"retry-after": "-1", "x-ratelimit-reset": "soon", "date": "yesterday"},
    {"retry-after": "9" * 400, "x-ratelimit-reset": "9" * 400},
    {"retry-after": "Mon, 01 Jun 2026 09:00:30 GMT", "date": "Mon, 01 Jun 2026 09:00:00 GMT"},
    {"content-type": "text/html", "location": "http://169.254.169.254/"},
)


class ProviderConformance(ABC):
    """What a provider promises to the dispatcher; see `campaign_dsl.run.providers.protocol.Provider`.

    Attributes:
        secrets: by settings key, what the provider is given. Choose texts that occur nowhere else.
    """

    secrets: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def provider(self, endpoint: str, secrets: Secrets) -> Provider:
        """The provider under test, speaking to ``endpoint``."""

    @abstractmethod
    def package(self) -> Package:
        """A package it can send."""

    # ----------------------------------------------------------------------------------------------- the request

    def test_it_says_what_it_is(self) -> None:
        provider = self._provider()
        assert provider.name.isidentifier()
        assert provider.capability.max_items >= 1
        assert provider.capability.key_ttl_seconds is None or provider.capability.deduplicates

    def test_no_secret_is_read_before_it_is_needed(self) -> None:
        def none(key: str) -> str:
            raise AssertionError(f"read the secret `{key}` when it was made")

        provider = self.provider("https://provider.example", none)
        repr(provider)
        provider.settings_problems({})
        provider.classify(Failure("ambiguous", "reset"))

    def test_a_request_is_pure(self) -> None:
        package = self.package()
        before = copy.deepcopy(package)
        provider = self._provider()
        first = provider.request(package, attempted_at=NOW)
        assert provider.request(package, attempted_at=NOW) == first, "the same arguments gave another request"
        assert self._provider().request(package, attempted_at=NOW) == first, "another instance made another request"
        assert package == before, "the package was changed"

    def test_a_retry_can_be_recognised(self) -> None:
        """Where the receiver promises to ignore repeats, each attempt must carry the messages' own ids."""
        package = self.package()
        provider = self._provider()
        if not provider.capability.deduplicates:
            return
        for minutes in (0, 5, 60 * 24):
            request = provider.request(package, attempted_at=NOW + timedelta(minutes=minutes))
            sent = request.body + json.dumps(dict(request.headers)).encode()
            for item in package.items:
                assert item.message_id.encode() in sent, f"{item.message_id} is not in an attempt after {minutes} min"

    def test_every_message_is_in_the_request(self) -> None:
        """Two packages that differ in one message must differ in their requests."""
        package = self.package()
        provider = self._provider()
        whole = provider.request(package, attempted_at=NOW)
        for item in package.items:
            changed = json.loads(json.dumps(dict(item.document)))
            changed["properties"] = {**changed.get("properties", {}), "canary_property": "canary value"}
            others = tuple(replace(each, document=changed) if each is item else each for each in package.items)
            assert provider.request(replace(package, items=others), attempted_at=NOW).body != whole.body

    def test_too_many_messages_are_refused(self) -> None:
        provider = self._provider()
        package = self.package()
        items = package.items * (provider.capability.max_items + 1)
        for wrong in (items, ()):
            try:
                provider.request(replace(package, items=wrong), attempted_at=NOW)
            except ValueError:
                continue
            raise AssertionError(f"a package of {len(wrong)} messages was not refused with ValueError")

    def test_settings_are_judged_without_raising(self) -> None:
        provider = self._provider()
        assert provider.settings_problems(self.package().settings) == ()
        for settings in (
            {},
            {"": ""},
            {"x": "{{PLACEHOLDER}}"},
            {"a\x00": "\ud800"},
            {str(n): "x" for n in range(100)},
        ):
            problems = provider.settings_problems(settings)
            assert all(isinstance(problem, str) and problem for problem in problems)
            assert problems == provider.settings_problems(settings)

    # ------------------------------------------------------------------------------------------------ the answer

    def test_every_answer_has_a_result(self) -> None:
        provider = self._provider()
        for status in range(100, 600):
            for body in BODIES if status % 100 < 5 else BODIES[:1]:
                for headers in HEADERS if not body else HEADERS[:1]:
                    answer = Response(status, headers, body, NOW)
                    result = provider.classify(answer)
                    self._sensible(result, f"{status} {headers} {body[:40]!r}")
                    assert provider.classify(answer) == result, f"{status} was read in two ways"

    def test_an_answer_without_a_time_has_a_result(self) -> None:
        for headers in HEADERS:
            self._sensible(self._provider().classify(Response(429, headers, b"")), str(headers))

    def test_success_is_never_tried_again(self) -> None:
        for status in (200, 201, 202, 204):
            for body in BODIES:
                result = self._provider().classify(Response(status, {}, body, NOW))
                assert not isinstance(result, RefusedRetryable), f"{status} {body[:40]!r} would be sent again"

    def test_redirects_are_not_success(self) -> None:
        for status in (300, 301, 302, 303, 307, 308):
            result = self._provider().classify(Response(status, {"location": "https://elsewhere.example"}, b"", NOW))
            assert isinstance(result, Refused), f"{status} gave {result}"

    def test_a_key_that_is_not_accepted_stops_the_provider(self) -> None:
        for status in (401, 403):
            result = self._provider().classify(Response(status, {}, b"", NOW))
            assert isinstance(result, Refused), f"{status} gave {result}"
            assert result.stop_provider, f"{status} would spend the whole outbox"

    def test_failures(self) -> None:
        provider = self._provider()
        assert isinstance(provider.classify(Failure("not_sent", "refused")), RefusedRetryable)
        assert isinstance(provider.classify(Failure("ambiguous", "reset")), Unknown)
        final = provider.classify(Failure("not_sent", "a private address", permanent=True))
        assert isinstance(final, Refused)
        assert final.stop_provider

    # ----------------------------------------------------------------------------------------------- the secrets

    def test_secrets_are_not_shown(self) -> None:
        """Neither in text forms nor in results, even when an answer repeats them."""
        provider = self._provider()
        request = provider.request(self.package(), attempted_at=NOW)
        shown = [repr(provider), str(provider), repr(request), str(request)]
        echoes = json.dumps({name: list(self.secrets.values()) for name in ("errors", "details")})
        for secret in self.secrets.values():
            for status in (200, 201, 400, 401, 403, 404, 410, 429, 500, 503, 504):
                for name in ("message", "notice", "dispatch_id"):
                    body = json.dumps({"message": "success", name: f"a {secret} z"} | json.loads(echoes)).encode()
                    shown.append(repr(provider.classify(Response(status, {"x": secret}, body, NOW))))
        for secret in self.secrets.values():
            assert not any(secret in text for text in shown), "a secret is shown"

    # ------------------------------------------------------------------------------------------- over the network

    def test_silence_is_unknown(self) -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.Event().wait()

        (result,) = self._deliver(silent, timeout=0.2)
        assert isinstance(result, Unknown), f"silence gave {result}"

    def test_a_lost_connection_is_unknown(self) -> None:
        async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _read(reader)

        (result,) = self._deliver(close)
        assert isinstance(result, Unknown), f"a lost connection gave {result}"

    def test_nobody_there_is_a_clean_retry(self) -> None:
        async def run() -> Result:
            async with _listening(_nothing) as endpoint:
                pass  # closed again: nobody listens on that port now
            provider = self.provider(endpoint, self._secret)
            async with open_session(allow_private=True) as session:
                request = provider.request(self.package(), attempted_at=NOW)
                return provider.classify(await send(session, request, 5))

        result = asyncio.run(run())
        assert isinstance(result, RefusedRetryable), f"a refused connection gave {result}"

    def test_a_repeated_delivery_is_the_same_delivery(self) -> None:
        """A receiver that keeps what it was sent, and answers only the second time, can tell that it is a repeat."""
        heads: list[bytes] = []
        bodies: list[bytes] = []

        async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head, body = await _read(reader)
            heads.append(head)
            bodies.append(body)
            if len(bodies) > 1:
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()

        first, second = self._deliver(receive, attempts=2)
        assert isinstance(first, Unknown)
        assert not isinstance(second, RefusedRetryable)
        assert len(bodies) == 2, "an attempt was repeated or dropped on the way"
        if self._provider().capability.deduplicates:
            for item in self.package().items:
                ids = [item.message_id.encode() in head + body for head, body in zip(heads, bodies, strict=True)]
                assert all(ids), f"{item.message_id} is not in both attempts"

    # ---------------------------------------------------------------------------------------------------- helpers

    def _provider(self) -> Provider:
        return self.provider("https://provider.example", self._secret)

    def _secret(self, key: str) -> str:
        return self.secrets[key]

    def _sensible(self, result: Result, what: str) -> None:
        assert isinstance(result, Accepted | Refused | RefusedRetryable | Unknown), f"{what} gave {result!r}"
        if isinstance(result, RefusedRetryable) and result.retry_after_seconds is not None:
            assert 0 <= result.retry_after_seconds <= 3600, f"{what}: {result}"
        texts = result.notes if isinstance(result, Accepted) else (result.reason,)
        assert all(text.isprintable() and len(text) < 1000 for text in texts), f"{what}: {texts}"

    def _deliver(self, handle: Handler, *, timeout: float = 5.0, attempts: int = 1) -> list[Result]:
        async def run() -> list[Result]:
            async with _listening(handle) as endpoint, open_session(allow_private=True) as session:
                provider = self.provider(endpoint, self._secret)
                results = []
                for attempt in range(attempts):
                    at = NOW + timedelta(minutes=attempt)
                    request: Request = provider.request(self.package(), attempted_at=at)
                    results.append(provider.classify(await send(session, request, timeout)))
                return results

        return asyncio.run(run())


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _listening(handle: Handler) -> AsyncIterator[str]:
    """A server on loopback that does ``handle`` with each connection; yields its URL."""
    tasks: set[asyncio.Task[None]] = set()

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handle(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    pass


async def _read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of one request."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return head, await reader.readexactly(int(lengths[0])) if lengths else b""
