"""The places where a ledger can be kept."""
