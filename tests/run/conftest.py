"""Makes `worlds` importable for the tests in the folders below."""
