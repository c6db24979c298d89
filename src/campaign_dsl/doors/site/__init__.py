"""Pages of the documentation that come from the tables of the language."""
