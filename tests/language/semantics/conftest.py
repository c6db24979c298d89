"""Makes `desk` importable for the tests beside."""
