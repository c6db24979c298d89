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
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make it. Created when it does not exist.")],
    sample: Annotated[
        bool, typer.Option("--sample", help="The footwear retailer, with its customers and events.")
    ] = False,
) -> None:
    """Make a workspace: a small commented skeleton, or with --sample a retailer with 120,000 customers.

    Existing files are never overwritten. Stopped half-way, it leaves nothing behind.

    Examples:

        campaign init shop

        campaign init demo --sample && campaign run birthday_gift --workspace demo
    """
    from campaign_dsl.run.problems import EnvironmentProblem

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is already a workspace" if (folder / "workspace.yaml").exists() else "is not an empty folder"
        raise UsageProblem(f"`{folder}` {what}", "name another folder; nothing was changed")
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.absolute().parent) as scratch:
            made = Path(scratch) / "workspace"
            _lay_out(made, sample)
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
