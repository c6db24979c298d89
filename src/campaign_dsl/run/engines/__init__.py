"""Engines: where customers and events are asked. One file each, found by entry point, imported when it is used."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    from campaign_dsl.language.catalog.engines import EngineSettings
    from campaign_dsl.run.engines.protocol import Engine

GROUP = "campaign_dsl.engines"


def opened(settings: EngineSettings, root: Path) -> Engine:
    """The engine that ``settings`` describe, ready to be asked.

    Args:
        root: the workspace; paths are relative to it.

    Raises:
        EnvironmentProblem: its library is not installed, or it cannot be reached.
    """
    found = entry_points(group=GROUP, name=settings.kind)
    if not found:
        raise EnvironmentProblem(
            f"no installed package offers an engine of kind `{settings.kind}`",
            help="give the target another engine: docs/engines.md lists those there are",
            code="ENV007",
        )
    (entry,) = found
    try:
        engine: Engine = entry.load().of(settings, root)
    except ModuleNotFoundError as error:
        raise EnvironmentProblem(
            f"the engine `{settings.kind}` needs the Python package `{error.name}`, which is not installed",
            help=f"pip install 'campaign-dsl[{settings.kind}]'",
            code="ENV007",
        ) from error
    return engine
