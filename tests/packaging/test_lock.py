"""constraints.txt pins what pyproject.toml asks for."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PINNED = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LINES)}


def test_every_line_is_one_version() -> None:
    assert [
        line for line in LINES if Requirement(line).url or not str(Requirement(line).specifier).startswith("==")
    ] == []


def test_everything_asked_for_is_pinned_to_a_version_that_fits() -> None:
    asked = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]
    needs = [Requirement(text) for text in asked]
    wrong = [
        str(need) for need in needs if not need.specifier.contains(PINNED.get(canonicalize_name(need.name), "0.dev0"))
    ]
    assert wrong == []
