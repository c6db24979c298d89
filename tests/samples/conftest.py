"""Makes the helpers beside importable."""
