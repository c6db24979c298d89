"""The command line, called in this process."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from campaign_dsl.doors.cli import main

SETTINGS = """\
name: brand
timezone: UTC
policies: {leap_day: feb_28, misfire: skip, consent: not_required, quiet: none}
default_target: local
targets:
  local:
    engine: ENGINE
    ledger: {kind: sqlite, path: ledger.sqlite}
    delivery: sandbox
"""


def settings(**engine: object) -> str:
    """A `workspace.yaml` with one target, and the engine it has."""
    return SETTINGS.replace("ENGINE", json.dumps(engine))


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def call(*arguments: object) -> Done:
    """Run `campaign` with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    before, code = sys.argv, 0
    sys.argv = ["campaign", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    return Done(code, out.getvalue(), err.getvalue())
