"""What commands share: options, finding the workspace, showing findings."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer

from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.progress import Report

if TYPE_CHECKING:
    from campaign_dsl.language.catalog.model import Target
    from campaign_dsl.language.diagnostics.model import Diagnostic
    from campaign_dsl.workspace import Workspace

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", metavar="DIR", help="The workspace. Default: the nearest folder upward with workspace.yaml."
    ),
]
TargetOption = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="NAME",
        help="Engine and ledger store, as named in workspace.yaml. Default: its default_target.",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="T",
        help="The instant everything is evaluated at: 2026-06-15, 2026-06-15T09:00, or with an offset "
        "2026-06-15T09:00-04:00. Without an offset it is in the workspace's zone. Default: now.",
    ),
]
CampaignsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[CAMPAIGN]...", help="Names of campaigns, or their files. Default: all of the workspace."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class UsageProblem(Exception):
    """The command was called wrongly. Exit code 2."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def find_root(start: Path | None, given: Path | None) -> Path:
    """The workspace's folder.

    Raises:
        UsageProblem: there is none.
    """
    if given is not None:
        if not (given / "workspace.yaml").is_file():
            raise UsageProblem(f"`{given}` has no workspace.yaml", f"`campaign init {given}` makes a workspace there")
        return given
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / "workspace.yaml").is_file():
            return folder
    raise UsageProblem(
        f"no workspace.yaml in `{here}` or above it",
        "give --workspace DIR, or make a workspace with `campaign init DIR`",
    )


def load(root: Path, progress: Report = lambda stage, done, total: None) -> Workspace:
    """The workspace in ``root``, with whatever findings it has."""
    from campaign_dsl.workspace import Workspace

    with only_growing():
        return Workspace.load(root, progress)


@contextmanager
def only_growing() -> Iterator[None]:
    """Spares the garbage collector its walks over thousands of nodes that stay until the command ends."""
    gc.disable()
    try:
        yield
    finally:
        # Both together make everything that there is old, without a walk over it.
        gc.freeze()
        gc.unfreeze()
        gc.enable()


def shown_path(root: Path, path: str) -> str:
    """A workspace path as the user can open it from where she is."""
    if path.startswith("<") or os.path.isabs(path):
        return path
    whole = (root / path).absolute()
    try:
        return str(whole.relative_to(Path.cwd()))
    except ValueError:
        return str(whole)


def show_findings(root: Path, findings: Iterable[Diagnostic]) -> None:
    """Findings for people, on standard error."""
    from campaign_dsl.language.diagnostics.text import show_text

    text = show_text(findings, colour=wants_colour(sys.stderr), rename=lambda path: shown_path(root, path))
    if text:
        print(text, file=sys.stderr)


def wants_colour(stream: Any) -> bool:
    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def complain(kind: str, message: str, help: str | None) -> None:
    """Say on standard error what is wrong, and what to do."""
    from campaign_dsl.language.diagnostics.text import printable

    print(f"{kind}: {printable(message)}" + (f"\n  = help: {printable(help)}" if help else ""), file=sys.stderr)


def print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step, so that it is never half written. A link stays a link, and rights stay as they are."""
    import tempfile

    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def stop(code: Exit) -> NoReturn:
    raise typer.Exit(int(code))


def chosen_target(workspace: Workspace, name: str | None) -> tuple[str, Target]:
    """The target called ``name``, or the default one.

    Raises:
        UsageProblem: workspace.yaml has no such target.
    """
    from campaign_dsl.language.diagnostics.suggest import did_you_mean

    assert workspace.settings is not None
    chosen = name or workspace.settings.default_target
    if chosen not in workspace.settings.targets:
        raise UsageProblem(
            f"workspace.yaml has no target `{chosen}`", did_you_mean(chosen, workspace.settings.targets, "targets")
        )
    return chosen, workspace.settings.targets[chosen]


def sound_campaign(workspace: Workspace, name: str) -> str:
    """The name of a campaign that exists and has no errors; otherwise shows why and stops.

    ``name`` may also be the path of a campaign's file.
    """
    sound, _ = sound_campaigns(workspace, [name])
    if not sound:
        stop(Exit.FINDINGS)
    return sound[0]


def sound_campaigns(workspace: Workspace, names: Sequence[str]) -> tuple[list[str], bool]:
    """The campaigns that have no errors, and whether there are others, whose findings are then shown.

    Args:
        names: names of campaigns, or paths of their files; none: all campaigns there are.

    Raises:
        UsageProblem: there is no campaign of a name.
    """
    from campaign_dsl.language.diagnostics.suggest import did_you_mean

    with only_growing():
        workspace.check()
    findings = workspace.problems.sorted()
    chosen = []
    for name in names or workspace.campaigns:
        found = name
        if name not in workspace.campaigns and ("/" in name or name.endswith((".campaign", ".yaml"))):
            found = workspace.named_by(workspace.shown(Path(name))) or name
        if found not in workspace.campaigns:
            show_findings(workspace.root, [item for item in findings if item.severity == "error"])
            raise UsageProblem(
                f"there is no campaign `{name}` in this workspace", did_you_mean(name, workspace.campaigns, "campaigns")
            )
        chosen.append(found)
    concerned: dict[str, list[Diagnostic]] = {name: [] for name in dict.fromkeys(chosen)}
    own = {name: _files_of(workspace, name) for name in concerned} if findings else {}
    for item in findings:
        paths = _paths(item)
        for name, files in own.items():
            if None in paths or not paths.isdisjoint(files.with_spellings if item.code == "NAM014" else files.all):
                concerned[name].append(item)
    show_findings(workspace.root, [item for item in findings if any(item in found for found in concerned.values())])
    sound = [name for name, found in concerned.items() if not any(item.severity == "error" for item in found)]
    unsound = len(sound) < len(concerned) or (not names and any(item.severity == "error" for item in findings))
    return sound, unsound


class _Files(NamedTuple):
    """Paths whose findings stand in the way of a campaign: its own, and those that all campaigns share."""

    all: frozenset[str]
    with_spellings: frozenset[str]


def _files_of(workspace: Workspace, campaign: str) -> _Files:
    from campaign_dsl.language.syntax.walking import files_named

    files = {"workspace.yaml", "catalog.yaml", *(source.path for _, source in workspace.audiences.values())}
    files |= {source.path for source in (workspace.settings_source, workspace.catalog_source) if source is not None}
    written, source = workspace.campaigns[campaign]
    files |= {source.path, *(file.text for file in files_named(written))}
    others = {source.path for node, source in workspace.spellings.values() if node.name.text == campaign}
    return _Files(frozenset(files), frozenset(files | others))


def _paths(item: Diagnostic) -> set[str | None]:
    """Where a finding is; a name that is taken twice concerns both who have it."""
    path = item.where.span.source.path if item.where else item.path
    return {path, *(label.span.source.path for label in item.see_also if item.code in ("NAM012", "CMP006"))}


def parse_as_of(text: str | None, zone_name: str) -> tuple[datetime, date]:
    """The instant (UTC) and the calendar day of a run.

    The day is the one the instant is written in: with an offset that offset's, without one the workspace's. So a run
    later that day from an office in another zone is a run of the same day.

    Raises:
        UsageProblem: the text is not an instant.
    """
    from campaign_dsl.language.catalog.zones import zone

    home = zone(zone_name)
    if text is None:
        now = datetime.now(UTC).replace(microsecond=0)
        return now, now.astimezone(home).date()
    try:
        written = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageProblem(
            f"`{text}` is not an instant", "write 2026-06-15, 2026-06-15T09:00 or 2026-06-15T09:00-04:00"
        ) from None
    local = written if written.tzinfo is not None else written.replace(tzinfo=home)
    if not 1971 <= local.year <= 2200:
        raise UsageProblem(f"`{text}` lies outside the years 1971 to 2200")
    return local.astimezone(UTC), local.date()
