"""What cannot be left out of reading campaigns, and nothing else: WORKSPACE.

Imports the libraries, reads every file and cuts it into words, numbers, texts and signs with one regular expression.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pydantic
import yaml

assert pydantic.BaseModel  # pydantic loads itself when it is touched
assert yaml.CSafeLoader
TOKEN = re.compile(r'#[^\n]*|\s+|"(?:[^"\\\n]|\\.)*"|[A-Za-z_]\w*|[0-9][0-9_.:-]*|.', re.DOTALL)
count = 0
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.name.endswith((".campaign", ".yaml")):
        for _ in TOKEN.finditer(path.read_bytes().decode()):
            count += 1
assert count
