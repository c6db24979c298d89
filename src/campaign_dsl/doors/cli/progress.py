"""Progress on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[str, int, "int | None"], None]

PATIENCE = 1.0
"""Seconds of silence before a bar appears: most commands are done by then."""


@contextmanager
def progress(first: str = "working") -> Iterator[Report]:
    """Something to report stages to. Shown only on a terminal, and only for work that takes over a second.

    Args:
        first: what is shown until the first report, so that one long step has a sign of life too.
    """
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(first, total=None)
    appear = threading.Timer(PATIENCE, bar.start)
    appear.daemon = True
    appear.start()

    def report(stage: str, done: int, total: int | None) -> None:
        bar.update(task, description=stage, completed=done, total=total)

    try:
        yield report
    finally:
        appear.cancel()
        appear.join()
        bar.stop()
