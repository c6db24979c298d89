"""What can go wrong outside the campaign: said plainly, exit code 3."""

from __future__ import annotations


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


class DoubledProblem(DataProblem):
    """A customer has two rows, so nobody can say which is right. The run goes on without her."""


class GateProblem(Exception):
    """A run was refused because it is larger than anyone approved. Exit code 1; nothing was written."""

    def __init__(self, message: str, *, help: str | None = None, code: str = "GATE001") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
