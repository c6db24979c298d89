"""The wheel is what users get: built from the sdist, installed alone, used from another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_SOURCES = shutil.ignore_patterns(
    ".git", ".venv", "demo", "build", "dist", "data", "results", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info"
)
STRAY = ["campaigns/data/warehouse.duckdb", "campaigns/data/ledger.sqlite", "campaigns/ledger.sqlite-wal"]
"""What lies about in a checkout in which somebody has worked, and must never be shipped."""


@dataclass(frozen=True)
class Built:
    """What `python -m build` made of a checkout, and the folder of that checkout."""

    checkout: Path
    sdist: Path
    wheel: Path

    def shipped(self, folder: str) -> set[str]:
        """The files of a folder of the checkout that are to be shipped, relative to it."""
        top = self.checkout / folder
        files = (path for path in top.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(top).as_posix() for path in files} - {
            each.removeprefix(f"{folder}/") for each in STRAY
        }


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run without what would lead back to the checkout or into somebody's settings."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("packaging")
    checkout = folder / "checkout"
    shutil.copytree(ROOT, checkout, ignore=NOT_SOURCES)
    for stray in STRAY:
        (checkout / stray).parent.mkdir(exist_ok=True)
        (checkout / stray).write_text("not for users")
    # Without more words `build` makes the sdist, and the wheel from what is in the sdist.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", checkout, cwd=folder)
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    (wheel,) = (folder / "dist").glob("*.whl")
    return Built(checkout, sdist, wheel)


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that has the wheel, and its dependencies from the running environment."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home.parent)
    python = home / "bin" / "python"
    install = ["install", "--quiet", "--no-index", "--no-deps", built.wheel]
    run(sys.executable, "-m", "pip", "--isolated", "--python", python, *install, cwd=home.parent)
    (packages,) = home.glob("lib/python*/site-packages")
    # A path in a .pth file is searched last, and .pth files in it are not followed: the checkout stays out of reach.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(paths)), encoding="utf-8")
    return home / "bin"


def test_the_wheel_has_all_and_only_what_a_user_needs(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    package = {name.removeprefix("campaign_dsl/") for name in names if name.startswith("campaign_dsl/")}
    grammar = {f"grammar/{name}" for name in built.shipped("grammar")}
    campaigns = {f"campaigns/{name}" for name in built.shipped("campaigns")}
    assert package == built.shipped("src/campaign_dsl") | grammar | campaigns
    assert {"py.typed", "grammar/campaign.lark", "campaigns/workspace.yaml"} <= package
    others = {name.partition("/")[2] for name in names if not name.startswith("campaign_dsl/")}
    assert others == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


def test_the_sdist_has_what_it_takes_to_build_and_test(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    whole = {"README.md", "CHANGELOG.md", "LICENSE", "Makefile", "constraints.txt", "pyproject.toml", ".ci/run"}
    assert whole <= names
    for folder in ("src/campaign_dsl", "grammar", "campaigns", "tests", "docs", "benchmarks"):
        found = {name.removeprefix(f"{folder}/") for name in names if name.startswith(f"{folder}/")}
        assert found == built.shipped(folder), folder


def test_it_works_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    code = "import campaign_dsl, sys; print(campaign_dsl.__file__); print(*sys.path, sep='\\n')"
    place, *path = run(installed / "python", "-c", code, cwd=tmp_path).stdout.splitlines()
    assert Path(place).is_relative_to(installed.parent)
    assert [each for each in path if Path(each).is_relative_to(ROOT / "src")] == []

    campaign = installed / "campaign"
    assert "Usage" in run(campaign, "--help", cwd=tmp_path).stdout
    said = run(installed / "python", "-m", "pip", "show", "campaign-dsl", cwd=tmp_path).stdout
    assert f"Version: {run(campaign, '--version', cwd=tmp_path).stdout.split()[-1]}" in said
    run(campaign, "init", "shop", cwd=tmp_path)
    assert "sound" in run(campaign, "check", "--workspace", "shop", cwd=tmp_path).stdout
    assert "sound" in run(campaign, "check", cwd=tmp_path / "shop").stdout


def test_the_sample_is_in_it(installed: Path, built: Built, tmp_path: Path) -> None:
    code = "from campaign_dsl.run.sample.layout import sample_dir; print(sample_dir())"
    sample = Path(run(installed / "python", "-c", code, cwd=tmp_path).stdout.strip())
    assert sample.is_relative_to(installed.parent)
    shutil.copytree(sample, tmp_path / "retailer")
    campaign = installed / "campaign"
    assert "sound" in run(campaign, "check", "--workspace", "retailer", cwd=tmp_path).stdout
    compiled = run(campaign, "compile", "birthday_gift", "--dialect", "duckdb", "--workspace", "retailer", cwd=tmp_path)
    assert "SELECT" in compiled.stdout


def test_the_grammar_is_not_rebuilt_on_every_start(installed: Path, tmp_path: Path) -> None:
    """The generated tables in the wheel belong to the grammar in the wheel."""
    code = (
        "from campaign_dsl.language.syntax import _driver_tables, _tables, driver, grammar\n"
        "text = driver.grammar_text()\n"
        "print(driver.grammar_dir())\n"
        "print(driver.fingerprint(text) == _driver_tables.FINGERPRINT)\n"
        "print(grammar.fingerprint(text) == _tables.FINGERPRINT)"
    )
    place, *current = run(installed / "python", "-c", code, cwd=tmp_path).stdout.splitlines()
    assert Path(place).is_relative_to(installed.parent)
    assert current == ["True", "True"]
