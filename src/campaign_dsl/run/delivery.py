"""Where messages of a target go: to the providers, or to the sandbox on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from campaign_dsl.language.catalog.model import Target, WorkspaceSettings
from campaign_dsl.run.providers.loading import load_provider, load_sandboxed


@contextmanager
def open_providers(settings: WorkspaceSettings, target: Target, root: Path) -> Iterator[Mapping[str, Any]]:
    """Every configured provider by its name, ready to send.

    With `delivery: sandbox` all requests go to the sandbox; when none runs on its port, one runs for as long as this
    is open, so that a rehearsal needs no second terminal.

    Raises:
        EnvironmentProblem: a provider cannot be loaded, or the sandbox's port belongs to another program.
    """
    if target.delivery == "providers":
        from campaign_dsl.run.providers.secrets import resolver

        secrets = resolver(root)
        yield {name: load_provider(each.kind, each, secrets) for name, each in settings.providers.items()}
        return
    from campaign_dsl.run.sandbox import running_sandbox

    with running_sandbox(root / settings.sandbox.path, settings.sandbox.port) as url:
        yield {name: load_sandboxed(each.kind, each, url) for name, each in settings.providers.items()}
