"""What is said when a way of finding atoms turns out not to be exact for the data there is."""

from __future__ import annotations


class Unable(Exception):
    """This cannot be told exactly this way, so it is found in another one. The message is the reason, one clause."""
