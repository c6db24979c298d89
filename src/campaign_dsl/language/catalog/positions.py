"""Where each entry of a YAML file stands, by its path."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import YamlList, YamlMap, YamlNode

Path = tuple[str | int, ...]


class Positions:
    """Spans of keys and values, as in ``positions.value("offers", "birthday_half_price", "percent")``.

    A path that does not exist stands for its nearest parent that does, so that there is always a place to point at.
    """

    __slots__ = ("_keys", "_source", "_values")

    def __init__(self, source: SourceFile, root: YamlNode | None) -> None:
        self._source = source
        self._keys: dict[Path, Span] = {}
        self._values: dict[Path, Span] = {}
        if root is not None:
            self._note((), root)

    def _note(self, path: Path, node: YamlNode) -> None:
        self._values[path] = node.span
        if isinstance(node, YamlMap):
            for key, value in node.entries:
                self._keys[*path, key.value] = key.span
                self._note((*path, key.value), value)
        elif isinstance(node, YamlList):
            for index, item in enumerate(node.items):
                self._keys[*path, index] = item.span
                self._note((*path, index), item)

    def key(self, *path: str | int) -> Span:
        """The key at ``path``; of a list item the item itself; of the root the place where it begins."""
        while path:
            if path in self._keys:
                return self._keys[path]
            path = path[:-1]
        root = self._values.get(())
        start = root.start if root is not None else 0
        return Span(self._source, start, start)

    def value(self, *path: str | int) -> Span:
        """The value at ``path``; when it does not exist, or nothing was written there, the nearest key."""
        span = self._values.get(path)
        return span if span is not None and span.start < span.end else self.key(*path)
