"""The tables of `docs/engines.md` and of the README: which engines there are and what each lacks, from the dialects.

`python -m campaign_dsl.doors.site.engines` writes them between the marks, `--check` says whether they are what it would
write. Everything else on the page is written by hand.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator

from campaign_dsl.compile.sql.dialects.compiled import NEVER_RUN, Compiled
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.doors.site.tables import DOCS, cell, code, table, write_or_check

PAGE, README = DOCS / "engines.md", DOCS.parent / "README.md"
_COMMAND = "python -m campaign_dsl.doors.site.engines"
BEGIN, END = f"<!-- Generated from the dialects by `{_COMMAND}`. -->", "<!-- End of what is generated. -->"


def engines() -> str:
    """One sentence for each."""
    return table(("engine", "what to know", "here"), map(_engine, DIALECTS.values()))


def tables() -> str:
    """Which there are, what they lack, and what those rely on that are not here."""
    said = [engines()]
    gaps = [row for each in DIALECTS.values() for row in _gaps(each)]
    if gaps:
        about = "What an engine lacks is refused by `campaign check`, with the reason ([CMP016](codes/CMP016.md)).\n"
        said += [about, table(("engine", "lacks", "why", "will it come"), gaps)]
    about = "SQL that is never run here relies on settings of the session; its header names them, too.\n"
    said += [about, table(("engine", "before the query"), _lines("session"))]
    about = "Where the vendor's documentation leaves no way to say what is meant, something else comes out:\n"
    said += [about, table(("engine", "differs"), _lines("differs"))]
    return "\n".join(said)


def page(old: str, made: str) -> str:
    """A page with what stands between the marks made anew."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def _engine(dialect: Dialect) -> tuple[str, str, str]:
    about = (inspect.getdoc(type(dialect)) or "").partition("\n\n")[0]
    return code(dialect.name), cell(about), "runs" if dialect.runs else NEVER_RUN


def _gaps(dialect: Dialect) -> Iterator[tuple[str, str, str, str]]:
    for feature, gap in dialect.lacks.items():
        yield code(dialect.name), feature.value, cell(gap.reason), gap.when.value


def _lines(what: str) -> Iterator[tuple[str, str]]:
    for each in DIALECTS.values():
        for line in getattr(each, what) if isinstance(each, Compiled) else ():
            yield code(each.name), code(line) if what == "session" else cell(line)


if __name__ == "__main__":
    for path, made in ((PAGE, tables()), (README, engines())):
        write_or_check(path, page(path.read_text("utf-8"), made), _COMMAND, check="--check" in sys.argv[1:])
