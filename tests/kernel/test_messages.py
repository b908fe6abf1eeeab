"""Texts travel through JSON as keys and parameters, unchanged."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.messages import issue_from_json, issue_to_json, text_from_json, text_to_json
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Parameter, Text

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    WORDS,
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.dictionaries(WORDS, WORDS, max_size=2).map(Labels),
    st.integers().map(Currency("PHP").money),
)
TEXTS = st.recursive(
    st.builds(Text, WORDS, st.dictionaries(WORDS, PLAIN, max_size=3)),
    lambda inner: st.builds(Text, WORDS, st.dictionaries(WORDS, st.one_of(PLAIN, inner), max_size=3)),
    max_leaves=4,
)


@given(TEXTS)
def test_a_text_comes_back_as_it_was(text: Text) -> None:
    back = text_from_json(json.loads(json.dumps(text_to_json(text))))
    assert back == text
    assert repr(back) == repr(text).replace("fold=1, ", "")


def test_an_issue_comes_back_as_it_was() -> None:
    params: dict[str, Parameter] = {"a": Decimal("1.50"), "b": date(2025, 7, 1), "c": datetime(2025, 7, 1, tzinfo=UTC)}
    issue = Issue(
        severity=Severity.WARNING, text=Text("runs.any", params), place="orders:3", count=2, examples=("x", "y")
    )
    assert issue_from_json(json.loads(json.dumps(issue_to_json(issue)))) == issue
