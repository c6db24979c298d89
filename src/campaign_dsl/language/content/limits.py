"""How large a template and what it makes may be. Time follows from these: nothing here watches a clock."""

from __future__ import annotations

MAX_TEMPLATE = 200_000
"""Characters of a template."""
MAX_BRACES = 1_500
"""Pairs of braces in a template."""
MAX_NODES = 4_000
"""Parts of its tree."""
MAX_DEPTH = 60
"""Parts of its tree inside each other."""
MAX_TOKENS = 200
"""Words and signs in one pair of braces."""
MAX_BRACKETS = 12
"""Brackets inside each other."""
MAX_BLOCKS = 10
"""`if` and `for` inside each other."""
MAX_LOOPS = 2
"""`for` inside each other."""
MAX_ARITHMETIC = 8
"""Calculations in one expression: numbers grow with each."""
MAX_ITEMS = 100
"""Entries of a list written in a template."""
MAX_OUTPUT = 1_000_000
"""Characters of what a template makes."""
MAX_STEPS = 1_000_000
"""Parts of the tree that the loops of one rendering go over, round by round."""
MAX_VALUE = 20_000
"""Characters of one value that is printed."""
