"""Finds the members of many audiences together: asks the engine for atoms, keeps them as bitmaps, combines these."""
