"""Patterns of `like`."""

import re

from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.language.patterns import matcher, pattern_problem, regular_expression

_patterns = st.lists(st.sampled_from(["a", "b", "%", "_", "\\%", "\\_", "\\\\", "\n", ".", "北"]), max_size=8).map(
    "".join
)
_texts = st.text(st.sampled_from("ab%_\\\n.北"), max_size=8)


@given(pattern=_patterns, text=_texts)
def test_the_matcher_is_the_regular_expression(pattern: str, text: str) -> None:
    """What one customer is told is what the engine would find."""
    expected = re.search(regular_expression(pattern).replace("\\z", "\\Z"), text) is not None
    assert matcher(pattern)(text) is expected


@given(text=_texts)
def test_a_text_taken_as_it_is_matches_only_itself(text: str) -> None:
    """With every wildcard escaped, a pattern is plain text."""
    escaped = re.sub(r"([%_\\])", r"\\\1", text)
    assert matcher(escaped)(text)
    assert not matcher(escaped)(text + "a")


def test_many_wildcards_cost_little() -> None:
    """No pattern takes time that grows faster than the text."""
    assert not matcher("%a" * 200 + "%b")("a" * 20_000)


def test_a_last_backslash_takes_nothing() -> None:
    """A pattern that ends in a single backslash is a mistake."""
    assert pattern_problem("a\\")
    assert not pattern_problem("a\\\\")
