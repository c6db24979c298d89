"""Faults on request: what a provider does on a bad day, for people who want to see what their campaign does then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS = ("429", "500", "timeout", "reset")
"""429 and 500 refuse; a timeout or reset takes the messages and never says so."""

TAKEN = ("timeout", "reset")
MOST = 1_000_000


class BadControl(ValueError):
    """What is wrong with an order."""


@dataclass(slots=True)
class Faults:
    """The fault under way, if any, and for how many more requests."""

    kind: str | None = None
    times: int = 0

    def order(self, document: Any) -> None:
        """Do as ``{"fail": "429" | "500" | "timeout" | "reset" | null, "times": n}`` says; once if it names no number.

        Raises:
            BadControl: it says nothing of the kind. Nothing was changed.
        """
        if not isinstance(document, dict) or "fail" not in document or set(document) - {"fail", "times"}:
            raise BadControl('give `{"fail": "429", "times": 3}`')
        kind, times = document["fail"], document.get("times", 1)
        if kind in (429, 500) and kind is not True:
            kind = str(kind)
        if kind is not None and (not isinstance(kind, str) or kind not in KINDS):
            raise BadControl("`fail` is one of " + ", ".join(f'"{each}"' for each in KINDS) + " or null")
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MOST:
            raise BadControl(f"`times` is a number from 1 to {MOST}")
        self.kind, self.times = (kind, times) if kind else (None, 0)

    def take(self) -> str | None:
        """The fault for the request at hand."""
        kind = self.kind
        if kind is not None:
            self.times -= 1
            if self.times == 0:
                self.kind = None
        return kind

    def as_json(self) -> dict[str, Any]:
        return {"fail": self.kind, "times": self.times}
