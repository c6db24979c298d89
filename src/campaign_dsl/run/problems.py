"""What can go wrong outside the campaign: said plainly, exit code 3."""

from __future__ import annotations

COMPARE = "compare catalog.yaml with the tables of this target: `campaign check --target TARGET` does"


class EnvironmentProblem(Exception):
    """A database, a file, a disk or a provider is not as it must be. Nothing was lost.

    Args:
        message: what is wrong, one sentence, lower case.
        help: what to do about it.
        code: stable code of the documentation page.
    """

    def __init__(self, message: str, *, help: str | None = None, code: str = "ENV001") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code


class DataProblem(EnvironmentProblem):
    """The data contradicts the catalog. Nothing was written."""

    def __init__(self, message: str, *, help: str | None = None, code: str = "DAT001") -> None:
        super().__init__(message, help=help, code=code)


def tables_differ(said: str) -> DataProblem:
    """A query found tables or columns missing, or of another type."""
    return DataProblem(f"the tables are not as the catalog says: {said}", help=COMPARE, code="DAT002")


def unreadable(said: str) -> DataProblem:
    """A query met a value that is not of the type it is declared with."""
    help = f"mend the value at its source, or declare the attribute as what it is; {COMPARE}"
    return DataProblem(f"a value cannot be read as its declared type: {said}", help=help, code="DAT003")


class DoubledProblem(DataProblem):
    """A customer has two rows, so nobody can say which is right. The run goes on without her."""


class Abandoned(KeyboardInterrupt):
    """Ctrl-C, and an engine in this process that has not stopped. The process is not to wait for it when it ends."""


class GateProblem(Exception):
    """A run was refused because it is larger than anyone approved. Exit code 1; nothing was written."""

    def __init__(self, message: str, *, help: str | None = None, code: str = "GATE001") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
