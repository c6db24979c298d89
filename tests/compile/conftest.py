"""Makes `oracle` and `small_world` importable for the tests beside."""
