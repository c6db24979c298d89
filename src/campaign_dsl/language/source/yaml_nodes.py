"""What a YAML file says: texts, lists and mappings, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from campaign_dsl.language.diagnostics.model import Diagnostic, Span
from campaign_dsl.language.source.files import Snippet

Style = Literal["plain", "single", "double", "literal", "folded"]


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """A text, as PyYAML unquoted, unescaped and unfolded it.

    Args:
        span: the scalar with its quotes or its `|`; zero-width where the file gives nothing.
        snippet: ``value`` with the place of each character.
    """

    value: str
    style: Style
    span: Span
    snippet: Snippet = field(compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether the file says nothing here, as after `key:`; not the same as an empty text in quotes."""
        return self.style == "plain" and not self.value


@dataclass(frozen=True, slots=True)
class YamlList:
    """A list, in the block (`- item`) or the flow (`[item]`) spelling."""

    items: tuple[YamlNode, ...]
    span: Span
    flow: bool


@dataclass(frozen=True, slots=True)
class YamlMap:
    """A mapping in the order of the file. No key occurs twice."""

    entries: tuple[tuple[YamlScalar, YamlNode], ...]
    span: Span
    flow: bool
    _by_name: dict[str, YamlNode] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {key.value: node for key, node in self.entries})

    def get(self, name: str) -> YamlNode | None:
        """The value of key ``name``."""
        return self._by_name.get(name)

    def key(self, name: str) -> YamlScalar | None:
        """The key ``name`` as it stands in the file."""
        return next((key for key, _ in self.entries if key.value == name), None) if name in self._by_name else None


YamlNode = YamlMap | YamlList | YamlScalar


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """What a file says.

    Args:
        root: None when there is nothing, or when it could not be read reliably.
        comments: range and text (from its `#` on) of every comment, in order; empty when ``root`` is None.
        problems: the first twenty. With a ``root``, only duplicate keys, of which the first stays.
    """

    root: YamlNode | None
    comments: tuple[tuple[Span, str], ...]
    problems: tuple[Diagnostic, ...]
