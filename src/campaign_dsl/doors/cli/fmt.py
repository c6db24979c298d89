"""`campaign fmt`"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import UsageProblem, find_root, show_findings, stop, write_whole
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.progress import progress
from campaign_dsl.doors.cli.words import counted


def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Campaign files or folders. Default: the whole workspace."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 when a file would be laid out anew.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> None:
    """Lay out campaign files in the one canonical way, in the spelling they are in.

    Comments stay where they were, and what a file says stays the same: that is looked at again before anything is
    written. A file with a mistake is left as it is, and the mistake is shown.

    Exit code 0 when all is well, 1 when a file has a mistake, or with --check or --diff another layout.

    Examples:

        campaign fmt

        campaign fmt --check birthday_gift.campaign
    """
    from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
    from campaign_dsl.language.source.files import read_source
    from campaign_dsl.language.syntax.printing.formatting import formatted
    from campaign_dsl.workspace import leads_outside

    files = _files(paths)
    problems, changed, broken = Problems(), 0, 0
    with progress("laying out") as report:
        for number, (path, root) in enumerate(files.items()):
            report("laying out", number, len(files))
            outside = leads_outside(path, root, str(path)) if root is not None else None
            source = outside or read_source(path, str(path))
            if isinstance(source, Diagnostic):
                problems.extend((source,))
                broken += 1
                continue
            text = formatted(source, problems)
            broken += text is None
            if text is None or text == source.text:
                continue
            changed += 1
            if diff:
                print(_difference(str(path), source.text, text), end="")
            elif check:
                print(f"would lay out {path}")
            else:
                write_whole(path, text)
    show_findings(Path.cwd(), problems.sorted())
    kept = len(files) - changed - broken
    said = [counted(changed, "file") + (" would change" if check or diff else " laid out")] if changed else []
    said += [f"{counted(kept, 'file')} already as it should be"] if kept else []
    said += [f"{counted(broken, 'file')} with mistakes"] if broken else []
    print(", ".join(said) or "no campaign files")
    if broken or (changed and (check or diff)):
        stop(Exit.FINDINGS)


def _files(paths: list[Path] | None) -> dict[Path, Path | None]:
    """Each file once, with the folder it was found in; None for one that was named by hand."""
    from campaign_dsl.workspace import DSL, YAML, campaign_files

    found: dict[Path, Path | None] = {}
    for path in paths or [find_root(None, None)]:
        if path.is_dir():
            found |= dict.fromkeys(campaign_files(path), path)
        elif not path.name.endswith((DSL, YAML)):
            raise UsageProblem(f"`{path}` is not a campaign file", "campaign files end in .campaign or .campaign.yaml")
        elif not path.exists():
            raise UsageProblem(f"there is no file `{path}`")
        else:
            found[path] = None
    return found


def _difference(name: str, before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(True), after.splitlines(True), name, f"{name} (laid out)")
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)
