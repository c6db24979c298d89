"""The ledger's named statements, a file for each concern."""
