"""The ways in: they translate, they decide nothing."""
