"""Builds tree nodes while the parser reduces: one class on top of another, each for a part of the grammar."""
