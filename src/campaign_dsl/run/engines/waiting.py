"""Waiting for an engine that does not see Ctrl-C while it works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")


def begun(work: Callable[[], T]) -> Future[T]:
    """What ``work`` will give, in a thread of its own that nothing waits for at the end."""
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return result


def interruptible(work: Callable[[], T], cancel: Callable[[], object]) -> T:
    """What ``work`` gives, done in a thread of its own. Ctrl-C cancels it and waits until it has ended."""
    result = begun(work)
    try:
        return result.result()
    except KeyboardInterrupt:
        cancel()
        wait([result])
        raise
