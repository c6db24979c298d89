"""Where the files of the sample workspace are."""

from __future__ import annotations

from pathlib import Path


def sample_dir() -> Path:
    """The folder of the sample workspace: inside an installed package, or `campaigns/` of a checkout."""
    packaged = Path(__file__).parents[2] / "campaigns"
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "campaigns"
