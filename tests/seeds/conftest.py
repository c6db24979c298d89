"""Makes `stand` importable for the tests beside."""
