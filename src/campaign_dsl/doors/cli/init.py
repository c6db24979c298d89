"""`campaign init`"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import UsageProblem
from campaign_dsl.doors.cli.progress import progress


def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where to make it. Created when it does not exist.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="The footwear retailer, with its customers and events.")
    ] = False,
    workspace: Annotated[Path | None, typer.Option("--workspace", metavar="DIR", help="The same as DIR.")] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="NAME", help="The new workspace's default target. Default: local.")
    ] = None,
) -> None:
    """Make a workspace: a small commented skeleton, or with --sample a retailer with 120,000 customers.

    Existing files are never overwritten. Stopped half-way, it leaves nothing behind.

    Examples:

        campaign init shop

        campaign init demo --sample && campaign run birthday_gift --workspace demo
    """
    from campaign_dsl.run.problems import EnvironmentProblem

    if folder is not None and workspace is not None:
        raise UsageProblem("both DIR and --workspace are given", "name the folder once")
    folder = folder or workspace
    if folder is None:
        raise UsageProblem("no folder is given", "write `campaign init DIR`")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is already a workspace" if (folder / "workspace.yaml").exists() else "is not an empty folder"
        raise UsageProblem(f"`{folder}` {what}", "name another folder; nothing was changed")
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.absolute().parent) as scratch:
            made = Path(scratch) / "workspace"
            _lay_out(made, sample)
            if target is not None:
                _choose_target(made, target)
            if folder.is_dir():
                folder.rmdir()
            os.replace(made, folder)
    except OSError as error:
        raise EnvironmentProblem(
            f"cannot make `{folder}`: {error.strerror or error}",
            help="check the folder's rights and the free space",
            code="ENV005",
        ) from error
    print(f"made a workspace in {folder}")
    print(
        "next: "
        + (
            f"campaign plan birthday_gift --workspace {folder} --as-of 2026-06-15"
            if sample
            else f"campaign check --workspace {folder}"
        )
    )


def _choose_target(made: Path, target: str) -> None:
    """Make ``target`` the default one.

    Raises:
        UsageProblem: the workspace has no such target.
    """
    from campaign_dsl.language.diagnostics.suggest import did_you_mean
    from campaign_dsl.workspace import Workspace

    settings = Workspace.load(made).settings
    assert settings is not None
    if target not in settings.targets:
        raise UsageProblem(
            f"the new workspace has no target `{target}`", did_you_mean(target, settings.targets, "targets")
        )
    file = made / "workspace.yaml"
    text = file.read_text(encoding="utf-8")
    chosen = text.replace(f"default_target: {settings.default_target}\n", f"default_target: {target}\n")
    file.write_text(chosen, encoding="utf-8")


def _lay_out(made: Path, sample: bool) -> None:
    if not sample:
        with as_file(files("campaign_dsl.doors.cli").joinpath("skeleton")) as skeleton:
            shutil.copytree(skeleton, made, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        return
    from campaign_dsl.run.sample import generate_world
    from campaign_dsl.run.sample.layout import sample_dir

    shutil.copytree(sample_dir(), made, ignore=shutil.ignore_patterns("data"))
    with progress() as report:
        generate_world(
            made / "data" / "warehouse.duckdb",
            progress=lambda stage, share: report(stage, int(share * 100), 100),
        )
