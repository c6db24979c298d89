"""Formulas over numbered atoms, two-valued: an atom holds for a customer or it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everyone:
    """Every customer that can be judged."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """No customer."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Those for whom an atom holds, or (``holds`` false) the others."""

    atom: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Every:
    """All of two or more parts, none of which is an `Every`."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Any of two or more parts, none of which is a `Some`."""

    parts: tuple[Formula, ...]


Formula = Everyone | Nobody | Literal | Every | Some


def every(parts: Iterable[Formula]) -> Formula:
    """The conjunction, with everyone, repetitions and what contradicts itself folded away."""
    found: dict[Formula, None] = {}
    for part in parts:
        for each in part.parts if isinstance(part, Every) else (part,):
            if isinstance(each, Nobody) or complement(each) in found:
                return Nobody()
            if not isinstance(each, Everyone):
                found[each] = None
    return _joined(Every, found, Everyone())


def some(parts: Iterable[Formula]) -> Formula:
    """The disjunction, with nobody, repetitions and what leaves nothing out folded away."""
    found: dict[Formula, None] = {}
    for part in parts:
        for each in part.parts if isinstance(part, Some) else (part,):
            if isinstance(each, Everyone) or complement(each) in found:
                return Everyone()
            if not isinstance(each, Nobody):
                found[each] = None
    return _joined(Some, found, Nobody())


def _joined(kind: type[Every | Some], found: dict[Formula, None], nothing: Formula) -> Formula:
    if not found:
        return nothing
    return next(iter(found)) if len(found) == 1 else kind(tuple(found))


def complement(formula: Formula) -> Formula:
    """The others. Nothing is folded: what was is folded already."""
    match formula:
        case Everyone():
            return Nobody()
        case Nobody():
            return Everyone()
        case Literal(atom, holds):
            return Literal(atom, not holds)
        case Every(parts):
            return Some(tuple(complement(part) for part in parts))
        case Some(parts):
            return Every(tuple(complement(part) for part in parts))


def atoms_in(formula: Formula) -> Iterator[int]:
    """The atoms a formula speaks of, in its order, as often as it does."""
    match formula:
        case Literal(atom):
            yield atom
        case Every(parts) | Some(parts):
            for part in parts:
                yield from atoms_in(part)
