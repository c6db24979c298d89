"""What a cold start loads: heavy libraries only where they are used."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CAMPAIGNS = Path(__file__).parents[2] / "campaigns"
DATABASES = {"duckdb", "sqlite3", "pyarrow", "sqlglot", "aiohttp", "adbc_driver_sqlite", "adbc_driver_manager", "numpy"}
SHOW_MODULES = """
import sys
from campaign_dsl.doors.cli import main
sys.argv[0] = "campaign"
try:
    main()
finally:
    print("loaded:", *sys.modules, file=sys.stderr)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules that a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_MODULES, *arguments], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    (line,) = (each for each in done.stderr.splitlines() if each.startswith("loaded:"))
    return {name.partition(".")[0] for name in line.split()[1:]}


def test_help_loads_none_of_the_libraries() -> None:
    heavy = DATABASES | {"pydantic", "lark", "yaml", "jinja2", "jsonschema", "rich"}
    assert loaded_by("--help") & heavy == set()


@pytest.mark.parametrize("command", ["check", "run", "init"])
def test_the_help_of_a_command_loads_none_of_ours(command: str) -> None:
    # Typer itself may use pydantic to read options.
    heavy = DATABASES | {"lark", "yaml", "jinja2", "jsonschema", "rich"}
    assert loaded_by(command, "--help") & heavy == set()


def test_check_loads_no_database_and_no_web() -> None:
    loaded = loaded_by("check", "--workspace", str(CAMPAIGNS))
    assert "yaml" in loaded
    assert loaded & (DATABASES | {"rich"}) == set()


def test_check_of_messages_made_elsewhere_loads_no_templates(tmp_path: Path) -> None:
    for name in ("workspace.yaml", "catalog.yaml", "vip.csv", "audiences.campaign", "birthday_gift.campaign"):
        shutil.copy(CAMPAIGNS / name, tmp_path)
    assert loaded_by("check", "--workspace", str(tmp_path)) & {"jinja2", "jsonschema"} == set()


def test_check_of_sound_campaigns_loads_no_parser_generator() -> None:
    assert "lark" not in loaded_by("check", "--workspace", str(CAMPAIGNS))
