"""`campaign catalog pull`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from campaign_dsl.doors.cli.common import (
    TargetOption,
    UsageProblem,
    WorkspaceOption,
    chosen_target,
    find_root,
    load,
    show_findings,
    stop,
    write_whole,
)
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from campaign_dsl.language.catalog.stored import Inventory, StoredTable

commands = typer.Typer(
    name="catalog",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@commands.callback()
def catalog() -> None:
    """Draft the catalog from the tables of a target.

    Examples:

        campaign catalog pull > draft.yaml
    """


@commands.command()
def pull(
    target: TargetOption = None,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table", metavar="TABLE", help="Look at this table; may be given several times. Default: at all."
        ),
    ] = None,
    customers: Annotated[
        str | None,
        typer.Option("--customers", metavar="TABLE", help="The table of customers. Default: it is guessed."),
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="Only what the workspace's catalog does not know yet, to be pasted into it.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file. Default: to standard output."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Draft catalog.yaml from the live tables of a target: their columns, types, keys, events and what points to what.

    What the database says is written plainly. What is only likely, by names, uniqueness and few values, is a guess with
    its reason in a comment: read each, then delete it. Words of enums are shown; values of columns that have many
    are never read. The same tables give the same draft.

    Exit code 0, also when nothing is new; 3 when the target cannot be asked, or has no table of customers.

    Examples:

        campaign catalog pull > draft.yaml

        campaign catalog pull --target local --customers crm.members -o catalog.yaml

        campaign catalog pull --new
    """
    from campaign_dsl.run.inspection.additions import additions
    from campaign_dsl.run.inspection.clues import key_of
    from campaign_dsl.run.inspection.guessing import drafted
    from campaign_dsl.run.inspection.profiling import asked_for_keys, profiled
    from campaign_dsl.run.inspection.writing import written
    from campaign_dsl.run.targets import open_engine

    if output is not None and output.exists() and not force:
        raise UsageProblem(f"`{output}` exists", "give another name, or `--force` to overwrite it; nothing was changed")
    loaded = load(find_root(None, workspace))
    known, positions = loaded.catalog, loaded.catalog_positions
    if loaded.settings is None or (new and (known is None or positions is None)):
        show_findings(loaded.root, [item for item in loaded.problems.sorted() if item.severity == "error"])
        stop(Exit.FINDINGS)
    name, where = chosen_target(loaded, target)
    with progress("listing tables") as report, open_engine(where, loaded.root) as engine:
        inventory = engine.tables()
        chosen = _chosen(inventory, table, customers)
        if new and known is not None and customers is None:
            found = inventory.table(known.customers.table)
            customers = found.name if found is not None else None
            chosen = [*chosen, *([found] if found is not None and found not in chosen else [])]
        elif customers is not None:
            customers = _found(inventory, customers).name
        profiles = profiled(engine, sorted(chosen, key=lambda each: each.where), report)
        profiles = tuple(
            asked_for_keys(engine, each) if customers in each.table.names and key_of(each) is None else each
            for each in profiles
        )
    draft = drafted(profiles, customers)
    about = [
        f"Drafted by `campaign catalog pull` from the tables of target {name} ({where.engine.kind}).",
        "Each guess says why; look at it, correct it or keep it, and delete the comment.",
    ]
    if new and known is not None and positions is not None:
        draft = additions(draft, known, positions, inventory)
        about[1:1] = [
            "Only what the catalog does not know yet: each part belongs below the key of the same name there."
        ]
    text = written(draft, about)
    if output is None:
        print(text, end="")
    else:
        write_whole(output, text)
        print(f"wrote {output}")


def _chosen(inventory: Inventory, tables: Sequence[str] | None, customers: str | None) -> list[StoredTable]:
    if not tables:
        return list(inventory.tables)
    named = [*tables, *([customers] if customers is not None else [])]
    return list({found.where: found for found in (_found(inventory, each) for each in named)}.values())


def _found(inventory: Inventory, name: str) -> StoredTable:
    """The table that is called ``name``.

    Raises:
        UsageProblem: there is none.
    """
    from campaign_dsl.language.diagnostics.suggest import did_you_mean

    table = inventory.table(name)
    if table is None:
        names = [each for table in inventory.tables for each in table.names]
        raise UsageProblem(f"there is no table `{name}`", did_you_mean(name, names, "tables"))
    return table
