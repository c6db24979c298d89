"""What campaigns mean, in plain Python over lists of customers and rows: slow and obvious.

It shares nothing with the generation of SQL and nothing with the ledger, so that a difference between the two is a
mistake in one of them. A value is None when it is missing; a test on a missing value is false; `not` is the complement.
"""
