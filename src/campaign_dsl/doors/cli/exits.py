"""Exit codes, the same for every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command's end means to a script."""

    SOUND = 0
    """It did what was asked."""
    FINDINGS = 1
    """The campaign, the catalog or the gate says no; nothing was changed."""
    USAGE = 2
    """The command was called wrongly."""
    ENVIRONMENT = 3
    """A database, a file, a disk or a provider is not as it must be; nothing was lost, run it again."""
    INTERNAL = 70
    """A defect in the program itself."""
    INTERRUPTED = 130
    """Stopped from the keyboard; run it again and it goes on."""
