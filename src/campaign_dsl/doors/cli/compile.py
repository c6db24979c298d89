"""`campaign compile`"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.doors.cli.common import (
    AsOfOption,
    TargetOption,
    UsageProblem,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    parse_as_of,
    show_findings,
    sound_campaign,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit


def compile_(
    campaign: Annotated[str, typer.Argument(help="Name of the campaign, or its file.")],
    dialect: Annotated[
        str | None,
        typer.Option("--dialect", metavar="D", help=f"Whose SQL: {', '.join(DIALECTS)}. Default: the target's engine."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Write NAME.DIALECT.sql and NAME.plan.json there instead of printing."
        ),
    ] = None,
    as_of: AsOfOption = None,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Print the SQL that finds a campaign's customers, with the day put in and comments naming source lines.

    Only SQL is printed, so that it can be piped into a database. With -o the SQL is written beside the plan, whose
    digest is what an approval names. For engines that this project does not run there is SQL all the same; it says so,
    and what the session has to be like. A campaign that asks for what the dialect lacks is refused, with the reason.

    Examples:

        campaign compile birthday_gift --dialect duckdb --as-of 2026-06-15

        campaign compile birthday_gift -o build/
    """
    from campaign_dsl.compile.sql.dialects.compiled import never_run
    from campaign_dsl.language.diagnostics.suggest import did_you_mean

    if dialect is not None and dialect not in DIALECTS:
        help = did_you_mean(dialect, DIALECTS, "dialects") or f"there are {', '.join(DIALECTS)}"
        raise UsageProblem(f"SQL for `{dialect}` cannot be generated", help)
    loaded = load(find_root(None, workspace))
    name = sound_campaign(loaded, campaign)
    dialect = dialect or chosen_target(loaded, target)[1].engine.kind
    lacking = loaded.lacking(name, dialect)
    if lacking:
        show_findings(loaded.root, lacking)
        stop(Exit.FINDINGS)
    assert loaded.settings is not None
    assert loaded.catalog is not None
    moment, day = parse_as_of(as_of, loaded.settings.timezone)
    from campaign_dsl.run.targets import occurrences, question, run_days, since

    made = loaded.plan(name)
    typed = loaded.typed(name)
    assert made is not None
    assert typed is not None
    rows = occurrences(typed, run_days(made, day, None))
    sql = question(typed, loaded.catalog, dialect, moment, rows, since(made, moment))
    unproved = never_run(DIALECTS[dialect])
    header = "".join(f"-- {line}\n" for line in (f"campaign {name}, as of {moment.isoformat()}", f"plan {made.digest}"))
    header += "".join(f"-- {line}\n" for line in unproved)
    if unproved:
        print(f"note: {unproved[0]}", file=sys.stderr)
    if output is None:
        print(header + sql + ";")
        return
    output.mkdir(parents=True, exist_ok=True)
    (output / f"{name}.{dialect}.sql").write_text(header + sql + ";\n", encoding="utf-8")
    (output / f"{name}.plan.json").write_text(made.document(), encoding="utf-8")
    print(f"wrote {output / f'{name}.{dialect}.sql'} and {output / f'{name}.plan.json'}")
