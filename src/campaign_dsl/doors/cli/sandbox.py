"""`campaign sandbox`"""

from __future__ import annotations

from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import (
    TargetOption,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    show_findings,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit


def sandbox(
    port: Annotated[
        int | None, typer.Option("--port", help="Port on this machine. Default: workspace.yaml's, or 8420.")
    ] = None,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Serve the local catcher: a provider that sends nothing and shows everything.

    Every request is checked against the provider's contract, kept, and shown on a page, so that anyone can see exactly
    what would have been sent, without an account anywhere. It listens on this machine only.

    Examples:

        campaign sandbox --port 8420
    """
    from campaign_dsl.run.sandbox import SandboxServer

    loaded = load(find_root(None, workspace))
    if loaded.settings is None:
        show_findings(loaded.root, loaded.problems.sorted())
        stop(Exit.FINDINGS)
    chosen_target(loaded, target)  # one sandbox serves all targets of a workspace; only the name is checked
    settings = loaded.settings.sandbox
    server = SandboxServer(loaded.root / settings.path, port or settings.port)
    server.serve_forever(
        lambda url: print(f"sandbox at {url} - what would have been sent is shown there; Ctrl-C stops it", flush=True)
    )
