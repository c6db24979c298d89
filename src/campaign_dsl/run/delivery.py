"""Where messages of a target go: to the providers, or to the sandbox on this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from campaign_dsl.language.catalog.model import Target, WorkspaceSettings
from campaign_dsl.run.dispatch.retry import Policy
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers.loading import load_provider, load_sandboxed
from campaign_dsl.run.providers.protocol import Provider
from campaign_dsl.run.providers.secrets import WorkspaceSecrets


def policies(settings: WorkspaceSettings, target: Target) -> Mapping[str, Policy]:
    """Timeouts, attempts and network of each provider, by its name."""
    sandboxed = target.delivery == "sandbox"
    return {name: Policy.of(each, sandboxed=sandboxed) for name, each in settings.providers.items()}


@contextmanager
def open_providers(settings: WorkspaceSettings, target: Target, root: Path) -> Iterator[Mapping[str, Provider]]:
    """Every configured provider by its name, ready to send.

    With `delivery: sandbox` all requests go to the sandbox; when none runs on its port, one runs for as long as this
    is open, so that a rehearsal needs no second terminal.

    Raises:
        EnvironmentProblem: a provider cannot be loaded, or the sandbox's file cannot be written.
    """
    providers = settings.providers
    if target.delivery == "providers":
        yield {
            name: load_provider(each.kind, each, WorkspaceSecrets(name, each, root)) for name, each in providers.items()
        }
        return
    with _sandbox(root / settings.sandbox.path, settings.sandbox.port) as url:
        yield {name: load_sandboxed(each.kind, each, url) for name, each in providers.items()}


@contextmanager
def _sandbox(path: Path, port: int) -> Iterator[str]:
    """The URL of this workspace's sandbox: the one that runs, or one of our own on a free port."""
    from campaign_dsl.run.sandbox import find_sandbox

    try:
        running = asyncio.run(find_sandbox(path, port))
    except EnvironmentProblem:
        running = None  # the port is another program's; requests are kept all the same
    if running is not None:
        yield running
        return
    with _Embedded(path) as url:
        yield url


class _Embedded:
    """A sandbox in a thread with an event loop of its own, because the dispatcher's loop comes and goes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ready: threading.Event = threading.Event()
        self._url = ""
        self._problem: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="sandbox", daemon=True)

    async def _serve(self) -> None:
        from campaign_dsl.run.sandbox import SandboxServer

        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with SandboxServer(self._path, 0) as server:
                self._url = server.url
                self._ready.set()
                await self._end.wait()
        except BaseException as problem:
            self._problem = problem
        finally:
            self._ready.set()

    def __enter__(self) -> str:
        self._thread.start()
        self._ready.wait()
        if self._problem is not None:
            self._thread.join()
            raise self._problem
        return self._url

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
