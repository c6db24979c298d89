"""What people write instead of what the grammar wants, and what to write: the cures in messages about syntax.

A rule looks at the place where reading stopped. It knows the mistake and answers with a `Hint`, or passes. The first
answer counts; the last rules put in, swap and take out single words until the clause reads.
"""

from __future__ import annotations

from campaign_dsl.language.syntax.hints.characters import (
    brackets,
    bullets,
    comments,
    leading_sign,
    lists,
    operators,
    other_alphabets,
    placeholders,
    quotes,
    trailing_sign,
)
from campaign_dsl.language.syntax.hints.expected import wanted
from campaign_dsl.language.syntax.hints.names import heads, nameless_segments, quoted_names, unquoted
from campaign_dsl.language.syntax.hints.numbers import (
    aggregates,
    dates,
    numbers,
    percentages,
    times,
    times_of_day,
    units_alone,
    windows,
)
from campaign_dsl.language.syntax.hints.rewrites import (
    days_by_name,
    events_of_goals,
    other_clause,
    quotes_in_texts,
    rewrites,
    times_missing,
)
from campaign_dsl.language.syntax.hints.stop import Hint, Rule, Stop
from campaign_dsl.language.syntax.hints.words import (
    capitals,
    commas,
    keyword_too_many,
    lonely_joiners,
    missing_word,
    near_miss_before,
    near_misses,
    phrases,
    several_clauses,
    swapped_words,
    word_too_many,
    wrong_word,
)

__all__ = ["Hint", "Stop", "explain", "wanted"]

RULES: tuple[Rule, ...] = (
    # whole turns of phrase
    quotes_in_texts, rewrites, other_clause, events_of_goals, times_missing, days_by_name,
    # slips of the finger
    capitals, near_misses, near_miss_before,
    # what the characters say
    quotes, bullets, comments, placeholders, leading_sign, operators, other_alphabets, brackets, numbers, times, dates,
    # what the clause wants
    quoted_names, heads, percentages, times_of_day, nameless_segments, unquoted, trailing_sign, lists, aggregates,
    windows, units_alone,
    # words with a meaning of their own
    lonely_joiners, phrases, commas,
    # try and see
    swapped_words, keyword_too_many, missing_word, several_clauses, wrong_word, word_too_many,
)  # fmt: skip


def explain(stop: Stop) -> Hint | None:
    """What to write instead, as far as one can know."""
    for rule in RULES:
        hint = rule(stop)
        if hint is not None:
            return hint
    return None
