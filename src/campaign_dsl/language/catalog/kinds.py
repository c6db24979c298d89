"""Entries of several kinds, each with keys of its own: engines, ledgers."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.catalog.entry import Entry, Misfit
from campaign_dsl.language.diagnostics.suggest import did_you_mean


@dataclass(frozen=True)
class Keys:
    """Which keys a kind takes.

    Attributes:
        needed: all of these.
        either: exactly one of these.
    """

    needed: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.needed, *self.either, *self.more)


def refuse_other_keys(entry: Entry, what: str, keys: Keys) -> None:
    """Refuse keys that are not of the entry's kind.

    Args:
        what: the kind, as messages say it: ``an engine of kind `duckdb```.

    Raises:
        Misfit: a key is of another kind, or one is missing.
    """
    fields = {field.alias or name: name for name, field in type(entry).model_fields.items()}
    said = [key for key, name in fields.items() if key != "kind" and getattr(entry, name) not in (None, {})]
    for name in said:
        if name not in keys.all:
            help = did_you_mean(name, keys.all, "keys") or "take it out"
            raise Misfit(f"`{name}` is not a key of {what}", name, help)
    for name in keys.needed:
        if name not in said:
            raise Misfit(f"{what} needs `{name}`", help=f"add `{name}: ...`")
    if keys.either and sum(name in said for name in keys.either) != 1:
        one, other = keys.either
        raise Misfit(f"{what} needs exactly one of `{one}` and `{other}`")
