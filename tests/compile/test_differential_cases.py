"""Every case on which an engine once differed from the interpreter, on the engine under test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drawn import scenes, valued
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_candidates_oracle import campaigns

from differential import CASES, read, tried, written


class Case:
    """Something large that is not to be shown."""

    def __init__(self, arguments: object) -> None:
        self.arguments = arguments


FOUND = sorted(CASES.glob("*.json"))


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.stem)
def test_cases(file: Path) -> None:
    tried(file)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.one_of(scenes(), valued(), campaigns()).map(Case))
def test_what_is_written_down_is_what_was_found(case: Case) -> None:
    said = json.loads(json.dumps(written(case.arguments)))
    assert written(read(said)) == said
