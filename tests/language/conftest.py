"""Makes `texts` importable for the tests in the folders below."""
