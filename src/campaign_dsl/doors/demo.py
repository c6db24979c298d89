"""The whole product on realistic data, in one go: `python -m campaign_dsl.doors.demo [DIR]`, or `make demo`.

Every step is an ordinary command, shown as it would be typed. Run again, it changes nothing and says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

AS_OF = "2026-06-15"
CLOCK = ("2026-06-15T06:00Z", "2026-06-15T12:00Z", "2026-06-15T20:30Z")
"""Three moments of the day: morning has come in Asia, in Europe, in America."""


def main(folder: str = "demo") -> int:
    """Run the demo in ``folder``; the exit code of the first command that fails, else 0."""
    where = ["--workspace", folder]
    began = time.monotonic()
    if (Path(folder) / "workspace.yaml").exists():
        _title(f"The sample workspace is already in {folder}/")
    else:
        _title("A footwear retailer: 120,000 customers, 1.6 million events")
        _command("init", folder, "--sample")
    _title("Is the campaign sound?")
    _command("check", *where)
    _title(f"What would it do on {AS_OF}? Nothing is written")
    _command("plan", "birthday_gift", "--as-of", AS_OF, *where)
    _title("Do it, once")
    done = json.loads(_command("run", "birthday_gift", "--as-of", AS_OF, "--json", *where, quiet=True))
    new = done["funnel"]["decided"]
    _summary(done)
    _title("Send the messages to the sandbox, while the clock moves through the day")
    for moment in CLOCK:
        _command("dispatch", "--as-of", moment, *where)
    _title("What was given, what was sent")
    _command("report", "birthday_gift", *where)
    _title("Next")
    print(f"{new:,} new decisions. This took {time.monotonic() - began:.0f} s.")
    if not new:
        print("Everything had been done before, so nothing was changed.")
    print(
        "\nTry one of these:\n"
        f"  .venv/bin/campaign sandbox --workspace {folder}       # every message, on a page\n"
        f"  .venv/bin/campaign run birthday_gift --as-of 2026-06-16 --workspace {folder}\n"
        f"  .venv/bin/campaign audience 'age >= 18' --count --as-of {AS_OF} --workspace {folder}\n"
        f"  $EDITOR {folder}/birthday_gift.campaign && .venv/bin/campaign check --workspace {folder}"
    )
    return 0


def _title(text: str) -> None:
    print(f"\n== {text}", flush=True)


def _command(*arguments: str, quiet: bool = False) -> str:
    """Run a `campaign` command, shown as it would be typed; its output is shown too, and returned."""
    typed = ["'" + each + "'" if " " in each else each for each in arguments]
    print(f"$ campaign {' '.join(typed)}", flush=True)
    command = [sys.executable, "-m", "campaign_dsl", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  # our own commands
    if not quiet or done.returncode:
        print(done.stdout, end="", flush=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def _summary(done: dict[str, object]) -> None:
    funnel = done["funnel"]
    assert isinstance(funnel, dict)
    print(f"{funnel['decided']:,} new decisions")
    outcomes = done["outcomes"]
    assert isinstance(outcomes, dict)
    for kind, given in outcomes.items():
        if given["count"]:
            print(f"  {kind}: {given['count']:,}" + (f", {given['sum']:,} points" if kind == "points" else ""))
    samples = done["samples"]
    assert isinstance(samples, list)
    if samples:
        print("one of the messages, as the provider will get it:")
        print(json.dumps(samples[0], indent=2, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
