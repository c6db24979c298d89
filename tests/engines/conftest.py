"""The scenes of `tests/compile`, and the helpers of this folder, can be used here, too."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in (Path(__file__).parents[1] / "compile", Path(__file__).parent):
    sys.path.insert(0, str(folder))
