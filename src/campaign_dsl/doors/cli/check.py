"""`campaign check`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from campaign_dsl.doors.cli.common import (
    Format,
    UsageProblem,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    only_growing,
    parse_as_of,
    print_json,
    show_findings,
    shown_path,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.progress import Report, progress
from campaign_dsl.doors.cli.words import counted

if TYPE_CHECKING:
    from campaign_dsl.language.diagnostics.model import Diagnostic
    from campaign_dsl.workspace import Workspace


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Campaign files or folders. Default: the whole workspace."),
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", metavar="text|json", help="text for people, json for programs.")
    ] = Format.TEXT,
    workspace: WorkspaceOption = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="NAME",
            help="Compare the catalog with the tables of this target, too. Default: no database is opened.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="T", help="With --target: what counts as now. Default: now."),
    ] = None,
) -> None:
    """Report every problem in the given campaigns: syntax, names, types, promises that cannot be kept.

    Each finding has a stable code, the place, why it matters and what to write instead. The catalog and workspace.yaml
    are checked too, since campaigns depend on them.

    With --target the catalog is compared with the tables of that target: missing tables and columns, other types,
    values that it does not know, keys that stand twice, zones and days that cannot be, and whether anything new came.

    Exit code 0 when sound, 1 when there is an error, 3 when the target cannot be asked.

    Examples:

        campaign check

        campaign check birthday_gift.campaign --format json

        campaign check --target local
    """
    if as_of is not None and target is None:
        raise UsageProblem("`--as-of` without `--target`", "name the target whose tables are looked at")
    given = [path.absolute() for path in paths or []]
    try:
        root = find_root(given[0].parent if given else None, workspace).absolute()
    except UsageProblem:
        if workspace is not None or not given:
            raise
        findings, checked = _without_workspace(given)
        _finish(given[0].parent, findings, checked, format)
        return
    with progress("reading campaigns") as report:
        loaded = load(root, report)
        if loaded.settings is not None:
            chosen_target(loaded, target)
        with only_growing():
            loaded.check(report)
        _load_missing(loaded, given)
        if target is not None:
            _compare(loaded, target, as_of, report)
    findings = [item for item in loaded.problems.sorted() if _wanted(loaded, item, given)]
    _finish(root, findings, len(given) or len(loaded.campaigns), format)


def _compare(loaded: Workspace, name: str, as_of: str | None, report: Report) -> None:
    """Add what of the catalog does not hold in the tables of a target."""
    from campaign_dsl.run.inspection.comparing import compare
    from campaign_dsl.run.targets import open_engine

    if loaded.settings is None or loaded.catalog is None or loaded.catalog_positions is None:
        return
    _, target = chosen_target(loaded, name)
    moment, _ = parse_as_of(as_of, loaded.settings.timezone)
    with open_engine(target, loaded.root) as engine:
        loaded.problems.extend(compare(engine, loaded.catalog, loaded.catalog_positions, moment, report))


def _wanted(loaded: Workspace, item: Diagnostic, given: list[Path]) -> bool:
    """Findings in the given paths, and in what they all depend on."""
    if not given:
        return True
    path = item.where.span.source.path if item.where else item.path
    if path is None or path in ("workspace.yaml", "catalog.yaml"):
        return True
    if loaded.catalog_source is not None and path == loaded.catalog_source.path:
        return True
    whole = loaded.root / path
    return any(whole == each or each in whole.parents for each in given)


def _load_missing(loaded: Workspace, given: list[Path]) -> None:
    """Files named on the command line that the workspace does not load by itself."""
    known = set(loaded.campaign_files())
    for path in given:
        if path in known or path.is_dir():
            continue
        if path.name == "workspace.yaml" or (
            loaded.catalog_source and path == loaded.root / loaded.catalog_source.path
        ):
            continue
        loaded.check_stray(path)


def _without_workspace(given: list[Path]) -> tuple[list[Diagnostic], int]:
    """What can be said of files that belong to no workspace: whether they can be read and parsed."""
    from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
    from campaign_dsl.language.source.files import read_source
    from campaign_dsl.workspace import parse

    problems = Problems()
    for path in given:
        source = read_source(path)
        if isinstance(source, Diagnostic):
            problems.extend((source,))
            continue
        parse(source, problems)
        problems.extend(
            (
                Diagnostic(
                    code="WSP011",
                    message=f"`{path.name}` belongs to no workspace, so names and types cannot be checked",
                    path=str(path),
                    help="put it below a folder with workspace.yaml, or give --workspace DIR",
                ),
            )
        )
    return list(problems.sorted()), len(given)


def _finish(root: Path, findings: list[Diagnostic], checked: int, format: Format) -> None:
    errors = sum(1 for item in findings if item.severity == "error")
    warnings = sum(1 for item in findings if item.severity == "warning")
    if format is Format.JSON:
        from campaign_dsl.language.diagnostics.json import as_json

        shown = [as_json(item, lambda path: shown_path(root, path)) for item in findings]
        print_json({"diagnostics": shown, "checked": checked, "errors": errors, "warnings": warnings})
    else:
        show_findings(root, findings)
        what = counted(checked, "campaign")
        found = [counted(errors, "error") if errors else "sound", *([counted(warnings, "warning")] if warnings else [])]
        print(f"{what} checked: " + ", ".join(found))
    if errors:
        stop(Exit.FINDINGS)
