"""`campaign audience`"""

from __future__ import annotations

from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import (
    AsOfOption,
    JsonOption,
    TargetOption,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    parse_as_of,
    print_json,
    show_findings,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.progress import progress


def audience(
    predicate: Annotated[str, typer.Argument(metavar="EXPR-OR-NAME", help="A predicate, or the name of an audience.")],
    as_of: AsOfOption = None,
    json: JsonOption = False,
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
) -> None:
    """Print the ids of the customers a predicate means, so that it can be tried on its own.

    Exit code 0 also when there is nobody.

    Examples:

        campaign audience active_buyers --as-of 2026-06-15 --count

        campaign audience 'tier >= gold and did not purchase in last 90 days' --json
    """
    from campaign_dsl.compile.plan.build import render
    from campaign_dsl.compile.sql.binding import bind
    from campaign_dsl.compile.sql.campaign import audience_query
    from campaign_dsl.compile.sql.dialects.registry import DIALECTS
    from campaign_dsl.run.targets import open_engine

    loaded = load(find_root(None, workspace))
    typed = loaded.expression(predicate)
    if typed is None or loaded.settings is None or loaded.catalog is None:
        show_findings(loaded.root, [item for item in loaded.problems.sorted() if item.severity == "error"])
        stop(Exit.FINDINGS)
    moment, _ = parse_as_of(as_of, loaded.settings.timezone)
    _, where = chosen_target(loaded, target)
    if lacking := loaded.lacking_in(predicate, typed, where.engine.kind):
        show_findings(loaded.root, lacking)
        stop(Exit.FINDINGS)
    with progress("asking the engine"), open_engine(where, loaded.root) as engine:
        query = audience_query(
            typed, loaded.zone_rule(), loaded.settings.policies.leap_day, loaded.catalog, DIALECTS[engine.dialect]
        )
        column = engine.read(render(bind(query, moment, ()), engine.dialect)).read_all().column(0)
    if json:
        print_json({"as_of": moment.isoformat(), "count": len(column), "ids": [] if count else column.to_pylist()})
    elif count:
        print(len(column))
    else:
        for identity in column.to_pylist():
            print(identity)
