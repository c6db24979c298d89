"""Random shares: a documented hash of salt and customer, the same everywhere and every time."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from hashlib import md5

BUCKETS = 2**28


def bucket(salt: str, customer: str) -> int:
    """Seven hex digits of an md5."""
    return int(md5(f"{salt}:{customer}".encode(), usedforsecurity=False).hexdigest()[:7], 16)


def drawn(salt: str, customer: str, percent: Decimal) -> bool:
    """Whether the customer is in a share of so many percent."""
    return bucket(salt, customer) < Fraction(percent) / 100 * BUCKETS
