"""What could follow, when no rule knows better."""

from __future__ import annotations

from campaign_dsl.language.syntax.hints.stop import Stop, example

_FRIENDLY = {
    "NAME": "a name",
    "STRING": 'text in double quotes, like `"Birthday gift"`',
    "NUMBER": "a number",
    "DATE": "a day like `2026-01-31`",
    "TIMESTAMP": "an instant like `2026-11-27 09:00`",
    "TIME": "a time like `09:00`",
    "LANGUAGE": "a language by its code, like `en` or `de-AT`",
    "UNIT": "a unit like `days`",
    "SIGN": "`+` or `-`",
    "TIMES": "`times`",
    "CASE": "`ignoring case`",
    "DID": "`did`",
    "DID_NOT": "`did not`",
    "COUNT_OF": "`count of`",
    "AGGREGATE_OF": "`sum of`",
    "AT_LEAST": "`at least`",
    "AT_MOST": "`at most`",
    "EXACTLY": "`exactly`",
    "IN_LAST": "`in last`",
    "WINDOW_BOUND": "`since`, `before`, `after` or `until`",
    "$END": "the end of the clause",
}
_GROUPS: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"NAME", "STRING", "NUMBER"}),
        "a value: an attribute like `age`, a number, a day, or text in double quotes",
    ),
    (frozenset({"STRING", "NUMBER", "DATE"}), 'a constant: text in double quotes like `"friend"`, a number or a day'),
    (frozenset({"COMPARE", "is"}), "a comparison like `= good` or `>= 18`, `is known`, `in [...]` or `contains`"),
    (
        frozenset({"IN_LAST", "AT_LEAST"}),
        "a window of time like `in last 30 days` or `ever`, perhaps with `where` or `at least` before it",
    ),
    (frozenset({"IN_LAST"}), "a window of time like `in last 30 days`, `since 2026-01-31` or `ever`"),
    (frozenset({"and", "or"}), "`and`, `or` or the end of the clause"),
)
"""What to say instead of long lists, by what has to be among the expected; the first that fits."""


def wanted(stop: Stop) -> str:
    """What could follow, and the whole clause as an example."""
    for among, group in _GROUPS:
        if among <= stop.expected:
            return f"expected {group}"
    words = [_FRIENDLY.get(name) or f"`{name}`" for name in stop.expected if name in _FRIENDLY or not name.isupper()]
    end = _FRIENDLY["$END"]
    order = sorted(words, key=lambda word: (word == end, not word.startswith(("a ", "an ", "text")), word))
    if order == [end] and stop.start in ("variant_entry", "segment_entry", "property_entry") and stop.found.isalnum():
        return "put each of them on a line of its own"
    if order == [end]:
        return "nothing can follow here; delete it, or begin a new line"
    listed = order[0] if len(order) == 1 else ", ".join(order[:-1]) + f" or {order[-1]}" if order else "something else"
    if stop.yaml and stop.start == "text_clause":
        return f"write the text, as in `{example(stop)}`"
    like = "" if stop.start in ("where_clause", "exclude_clause") else example(stop)
    return f"expected {listed}" + (f", as in `{like}`" if like else "")
