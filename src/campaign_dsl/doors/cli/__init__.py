"""The command line: it translates, it decides nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperGroup

from campaign_dsl.doors.cli.common import UsageProblem, complain
from campaign_dsl.doors.cli.exits import Exit

HELP = """Marketing campaigns as code: reviewed in git, checked at compile time, run exactly once.

A workspace is a folder with workspace.yaml, a catalog and campaign files. Begin with `campaign init DIR --sample`.

Exit codes: 0 sound, 1 findings, 2 wrong use, 3 environment or data (nothing lost, run it again).
"""

COMMANDS = {
    "init": "Make a workspace, a skeleton or one with data.",
    "catalog": "Draft the catalog from the tables of a target.",
    "check": "Report every problem of campaigns.",
    "fmt": "Lay out campaign files in the one canonical way.",
    "convert": "Print a campaign file in the other spelling.",
    "explain": "Say in plain English what a campaign does.",
    "audience": "Try a predicate on its own.",
    "compile": "Print the SQL, or write it with the plan.",
    "plan": "Show what a run would do; nothing is written.",
    "run": "Decide and award, exactly once.",
    "dispatch": "Send the messages that are due.",
    "report": "Show what happened, from the ledger.",
    "export": "Print changes for other systems.",
    "sandbox": "Catch messages on this machine, on a page.",
}
"""Each is a function in a module of its name; `compile_` so that it hides nothing of Python's. One that has commands of
its own keeps them in `commands`."""


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


class Commands(TyperGroup):
    """Imports a command when it is asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = cast(Any, dict.fromkeys(COMMANDS))  # names are all that is needed to say which one was meant

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = vars(import_module(f"{__name__}.{cmd_name}"))
        if "commands" in module:  # it has commands of its own
            return typer.main.get_command(module["commands"])
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(cmd_name)(module.get(cmd_name) or module[f"{cmd_name}_"])
        return typer.main.get_command(alone)

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Ctrl-C is passed on under another name: typer would end without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            raise Interrupted from stopped

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list in the help, for which no command is needed."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=Commands,
    name="campaign",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"campaign {version('campaign-dsl')}")
        raise typer.Exit


@app.callback(help=HELP)
def campaign(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Say which version it is."
    ),
) -> None:
    """What all commands have in common: the help, and the version."""


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def main() -> None:
    """Entry point of the `campaign` command. Bad input never shows a traceback."""
    from campaign_dsl.run.problems import Abandoned, EnvironmentProblem, GateProblem

    # Looking for plugins of pydantic takes it as long as all our models.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        app(prog_name="campaign")
    except UsageProblem as problem:
        complain("error", problem.message, problem.help)
        sys.exit(Exit.USAGE)
    except GateProblem as problem:
        complain(f"error[{problem.code}]", problem.message, problem.help)
        sys.exit(Exit.FINDINGS)
    except EnvironmentProblem as problem:
        complain(f"error[{problem.code}]", problem.message, problem.help)
        sys.exit(Exit.ENVIRONMENT)
    except (Interrupted, KeyboardInterrupt) as stopped:
        complain("stopped", "nothing is lost; run the same command again and it goes on", None)
        if any(isinstance(each, Abandoned) for each in _led_to(stopped)):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(Exit.INTERRUPTED)  # at once: all of ours is closed, and only the engine would be waited for
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader went away, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.SOUND)
    except OSError as error:
        what = f" `{error.filename}`" if error.filename else ""
        complain(
            "error[ENV006]",
            f"cannot use{what or ' a file'}: {error.strerror or error}",
            "check the rights and the free space",
        )
        sys.exit(Exit.ENVIRONMENT)
    except Exception as error:
        if os.environ.get("CAMPAIGN_DEBUG"):
            raise
        complain(
            "internal error",
            f"{type(error).__name__}: {error}",
            "this is a defect of campaign; set CAMPAIGN_DEBUG=1 for details",
        )
        sys.exit(Exit.INTERNAL)
