"""Keywords and phrases that mean something that is said with other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from campaign_dsl.language.syntax.hints.stop import CLAUSE_KEYWORDS, Hint, Stop, either, is_name, short
from campaign_dsl.language.syntax.spec import named_blocks

_MORE, _LESS = "(?:greater|more|older|larger|higher|bigger)", "(?:less|fewer|younger|smaller|lower)"
_PHRASES: tuple[tuple[str, str], ...] = (
    (rf"(?:is\s+)?{_MORE}\s+than\s+or\s+equal\s+to|(?:is\s+)?at\s+least|from", ">="),
    (rf"(?:is\s+)?{_LESS}\s+than\s+or\s+equal\s+to|(?:is\s+)?at\s+most|up\s+to", "<="),
    (rf"(?:is\s+)?(?:{_MORE}\s+than|over|above)|exceeds", ">"),
    (rf"(?:is\s+)?(?:{_LESS}\s+than|under|below)", "<"),
    (r"is\s+not\s+(?:missing|null|NULL|empty|blank|unknown|none)|exists|is\s+(?:set|present|given)", "is known"),
    (r"is\s+not\s+(?:known|set|present|given)|is\s+(?:null|NULL|empty|blank|unknown|none)", "is missing"),
    (r"(?:is\s+)?not\s+one\s+of|is\s+not\s+in", "not in"),
    (r"(?:is\s+)?one\s+of|is\s+in", "in"),
    (r"(?:is\s+)?not\s+equals?(?:\s+to)?|is\s+not|isn't|differs\s+from", "!="),
    (r"(?:is\s+)?equals?(?:\s+to)?|is|eq", "="),
    (r"does\s+not\s+(?:include|have)|not\s+(?:like|contains?)", "does not contain"),
    (r"like|includes?|matches|contain|containing|has", "contains"),
    (r"begins?(?:\s+with)?|starting\s+with|start\s+with", "starts with"),
    (r"ends?|ending\s+with|end\s+with", "ends with"),
    (r"(?:has|have|had|did)\s+(?:never|not)|never|didn't|didnt|hasn't", "did not"),
    (r"has|have|had|made|does", "did"),
    (
        r"(?:with)?in\s+the\s+(?:last|past)|(?:with)?in\s+past|within|during|over|(?:in\s+)?the\s+last|last|past",
        "in last",
    ),
    (r"case\s+insensitive(?:ly)?", "ignoring case"),
    (r"a|an|every|each", "per"),
    (r"yearly|annually", "per year"),
    (r"monthly", "per month"),
    (r"weekly", "per week"),
    (r"daily", "per day"),
    (r"to|till|til|through", "until"),
    (r"percent|per\s+cent|pct", "%"),
    (r"pts|pt|credits?|stars", "points"),
    (r"coupons?|vouchers?|rewards", "offers"),
    (r"if|where|for", "when"),
    (r"else|rest|default|everyone|others", "otherwise"),
    (r"or|otherwise|default|fallback", "else"),
    (r"in|on|within", "after"),
    (r"yr|yrs", "year"),
    (r"mo|mos|mth", "month"),
    (r"wk|wks", "week"),
    (r"hr|hrs", "hour"),
    (r"min|mins", "minute"),
    (r"sec|secs", "second"),
    (r"x", "times"),
)
"""What is written, as a pattern, and what is meant. Only said when the clause then reads on."""
_ALSO = {"like": ", `starts with` or `ends with`, and no `%`"}


def phrases(stop: Stop) -> Hint | None:
    """`is at least`, `over`, `in the last`: words that mean something that is written differently."""
    for pattern, meant in _PHRASES:
        for match in re.finditer(rf"(?<![\w.])(?:{pattern})(?!\w)", stop.text):
            covers = match.start() <= stop.at < match.end()
            touches = match.end() <= stop.at and not stop.text[match.end() : stop.at].strip()
            if (covers or touches) and not stop.at_end and stop.mended(*match.span(), meant):
                return Hint(*match.span(), f"write `{meant}`" + _ALSO.get(match[0], ""))
    return None


def capitals(stop: Stop) -> Hint | None:
    """`AND`: keywords are lower case."""
    lower = stop.found.lower()
    if lower != stop.found and is_name(stop.found) and stop.mended(stop.at, stop.end, lower):
        return Hint(stop.at, stop.end, f"write `{lower}`: keywords are lower case")
    return None


def lonely_joiners(stop: Stop) -> Hint | None:
    """`and` or `or` where a condition should be, which reads as a name."""
    if stop.before not in ("and", "or"):
        return None
    start = stop.text.rindex(stop.before, 0, stop.at)
    end = start + len(stop.before)
    if stop.at_end:
        return Hint(start, end, "write a condition behind it, or delete it") if stop.wants_value else None
    if not {"and", "or"} <= stop.expected:
        return None
    earlier = re.search(r"(\w+|[^\w\s]+)\s*$", stop.text[:start])
    word = earlier.group(1) if earlier else ""
    if word in ("and", "or", "not"):
        return Hint(start, end, f"delete one of `{word} {stop.before}`")
    return Hint(
        start, end, f"write a value between `{word}` and `{stop.before}`" if word else "write a condition before it"
    )


_NEAR = 0.75


def near_misses(stop: Stop) -> Hint | None:
    """A keyword with a slip of the finger."""
    if not is_name(stop.found) or stop.found in CLAUSE_KEYWORDS:
        return None
    words = [*_keywords(stop), *(_UNITS if "UNIT" in stop.expected else ())]
    for word in sorted(words, key=lambda word: -_likeness(stop.found, word)):
        if _likeness(stop.found, word) >= _NEAR and stop.mended(stop.at, stop.end, word):
            return Hint(stop.at, stop.end, f"did you mean `{word}`?")
    return None


def near_miss_before(stop: Stop) -> Hint | None:
    """A keyword with a slip of the finger that reads as a name, so that reading stops only behind it."""
    for word in _EARLY:
        if stop.before and stop.before != word and _likeness(stop.before, word) >= _NEAR:
            start = stop.text.rindex(stop.before, 0, stop.at)
            end = start + len(stop.before)
            if stop.mended(start, end, word):
                return Hint(start, end, f"did you mean `{word}`?")
    return None


_EARLY = (
    *("segment", "audience", "not", "did", "count", "sum", "average", "smallest", "largest", "everyone", "customer"),
    *("anniversary", "holiday", "entering", "leaving", "subscribe", "unsubscribe", "recency", "quintile", "number"),
)
_UNITS = tuple(
    f"{unit}{plural}" for unit in ("second", "minute", "hour", "day", "week", "month", "year") for plural in ("", "s")
)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other).ratio()


_SAMPLES = {
    "IN_LAST": "in last", "AT_LEAST": "at least", "AT_MOST": "at most", "EXACTLY": "exactly", "TIMES": "times",
    "DID": "did", "DID_NOT": "did not", "COUNT_OF": "count of",
}  # fmt: skip
_JOINS = ("and", "or")
_NEVER_PUT_IN = frozenset(
    {".", "*", "(", "[", "not", "in", "is", "between", "calendar", "true", "false", "ever", "everyone"}
)


def missing_word(stop: Stop) -> Hint | None:
    """One keyword or sign is missing before the place."""
    if stop.at_end:
        return None
    if stop.found in ("known", "missing") and "is" in stop.expected:
        return Hint(stop.at, stop.end, f"write `is {stop.found}`")
    words = [
        word
        for word in _keywords(stop)
        if (word not in _NEVER_PUT_IN or (word == "." and stop.start == "property_entry"))
        and (word not in _JOINS or stop.rest.strip())
        and stop.mended_wholly(stop.at, stop.at, word)
    ]
    if not words and "COMPARE" in stop.expected and stop.mended_wholly(stop.at, stop.at, "="):
        words = ["="]
    return Hint(stop.at, stop.end, f"write {either(words)} before `{short(stop.found)}`") if words else None


def several_clauses(stop: Stop) -> Hint | None:
    """The next clause on the same line."""
    if "$END" not in stop.expected:
        return None
    if stop.found in CLAUSE_KEYWORDS and re.search(r"\S[ \t]+$", stop.text[: stop.at]):
        homes = [name for name, block in named_blocks() if stop.found in block.keywords]
        if stop.keyword in CLAUSE_KEYWORDS and not any(
            {stop.keyword, stop.found} <= set(block.keywords) for _, block in named_blocks()
        ):
            return Hint(
                stop.at, stop.end, f"write it in {either(homes)}", f"`{stop.found}` is no part of `{stop.keyword}`"
            )
        return Hint(stop.at, stop.end, "begin each clause on a line of its own")
    if stop.found == "," and stop.start in ("text_clause", "property_entry") and re.match(r"\s*\w+\s+\S", stop.rest):
        return Hint(stop.at, stop.end, "delete it, and begin a new line")
    return None


def wrong_word(stop: Stop) -> Hint | None:
    """Another keyword or sign stands for the right one."""
    if stop.at_end or stop.wants_value or stop.found in CLAUSE_KEYWORDS:
        return None
    words = [
        word for word in _keywords(stop) if word not in _NEVER_PUT_IN and stop.mended_wholly(stop.at, stop.end, word)
    ]
    return Hint(stop.at, stop.end, f"write {either(words)} instead of `{short(stop.found)}`") if words else None


def commas(stop: Stop) -> Hint | None:
    """A comma between conditions."""
    if stop.found == "," and stop.mended_wholly(stop.at, stop.end, "and"):
        return Hint(stop.at, stop.end, "write `and` or `or` instead of `,`")
    return None


def swapped_words(stop: Stop) -> Hint | None:
    """Two words in the wrong order."""
    if stop.before and not stop.at_end:
        start, written = stop.text.rindex(stop.before, 0, stop.at), f"{stop.found} {stop.before}"
        if stop.found[0].isdigit() and stop.mended_wholly(start, stop.end, written):
            return Hint(start, stop.end, f"write `{written}`")
    following = re.match(r"(\s+)([\w.]+)", stop.text[stop.end :], re.ASCII)
    if stop.at_end or following is None:
        return None
    end, written = stop.end + following.end(), f"{following[2]} {stop.found}"
    return Hint(stop.at, end, f"write `{written}`") if stop.mended_wholly(stop.at, end, written) else None


def keyword_too_many(stop: Stop) -> Hint | None:
    """`send message birthday_note`: a keyword that has no place in the clause reads as a name."""
    if stop.at_end or stop.before not in CLAUSE_KEYWORDS or "$END" not in stop.expected:
        return None
    start = stop.text.rindex(stop.before, 0, stop.at)
    end = start + len(stop.before)
    return Hint(start, end, "delete it") if stop.mended_wholly(start, end, "") else None


def word_too_many(stop: Stop) -> Hint | None:
    """Something stands there that does not belong, or a comma before it."""
    ahead = stop.text[: stop.at].rstrip()
    if ahead.endswith(",") and stop.mended_wholly(len(ahead) - 1, len(ahead), ""):
        return Hint(len(ahead) - 1, len(ahead), "delete it")
    if not stop.at_end and stop.mended_wholly(stop.at, stop.end, ""):
        return Hint(stop.at, stop.end, "delete it")
    return None


def _keywords(stop: Stop) -> Iterator[str]:
    """What could stand at the place and is written in one way, commas first."""
    words = [_SAMPLES.get(name, name) for name in stop.expected if name in _SAMPLES or not name.isupper()]
    yield from sorted((word for word in words if word != "$END"), key=lambda word: (word != ",", word))
