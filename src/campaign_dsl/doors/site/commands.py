"""The reference of the command line, `docs/cli.md`, from the commands themselves.

`python -m campaign_dsl.doors.site.commands` writes it, `--check` says whether it is what it would write.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import typer

from campaign_dsl.doors.cli import COMMANDS, app, exits
from campaign_dsl.doors.site.tables import DOCS, cell, code, table, write_or_check

PAGE = DOCS / "cli.md"
_COMMAND = "python -m campaign_dsl.doors.site.commands"


def page() -> str:
    """The whole page."""
    group: Any = typer.main.get_command(app)
    found = {name: group.get_command(None, name) for name in COMMANDS}
    return "\n".join(
        [
            "# Command line\n",
            f"<!-- Generated from the commands by `{_COMMAND}`. Do not edit. -->\n",
            "A command looks for its workspace from where it is called upward, and says what it did. `--help` shows "
            "what stands here.\n",
            table(
                ("command", "what it is for"),
                ((f"[`{name}`](#campaign-{name})", said) for name, said in COMMANDS.items()),
            ),
            "## Exit codes\n",
            table(("code", "meaning"), exit_codes()),
            *(part for name, command in found.items() for part in _command(name, command)),
        ]
    )


def exit_codes() -> Iterator[tuple[str, str]]:
    """Each exit code, and what stands below it in the source."""
    (body,) = (each.body for each in ast.parse(inspect.getsource(exits)).body if isinstance(each, ast.ClassDef))
    for line, below in pairwise(body):
        if isinstance(line, ast.Assign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            yield f"{ast.literal_eval(line.value)}", str(below.value.value)


def _command(name: str, command: Any, level: str = "##") -> Iterator[str]:
    yield f"{level} `campaign {name}`\n"
    shown = [each for each in command.params if each.name != "help"]
    usage = " ".join(each for each in (f"campaign {name}", *map(_usage, shown)) if each)
    yield f"```text\n{usage}\n```\n"
    about, _, examples = inspect.cleandoc(command.help or "").partition("Examples:")
    yield about.strip() + "\n"
    if shown:
        yield table(("argument", "meaning"), ((code(_named(each)), cell(each.help or "")) for each in shown))
    for inner, each in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {inner}", each, "###")
    lines = [line.strip() for line in examples.splitlines() if line.strip()]
    if lines:
        yield "```sh\n" + "\n".join(lines) + "\n```\n"


def _usage(parameter: Any) -> str:
    named = _named(parameter)
    return named if parameter.required or named.startswith("[") else f"[{named}]"


def _named(parameter: Any) -> str:
    """`--as-of T`, `CAMPAIGN`, `[PATH]...`."""
    metavar: str = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name == "argument":
        return metavar
    option: str = parameter.opts[0]
    return option if parameter.is_flag else f"{option} {metavar}"


if __name__ == "__main__":
    write_or_check(PAGE, page(), _COMMAND, check="--check" in sys.argv[1:])
