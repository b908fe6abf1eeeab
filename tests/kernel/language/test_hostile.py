"""Whatever is written as a rule gives an answer or a clear error, at once, and reaches nothing."""

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.language import LanguageError, evaluate, parse, parse_aggregate, parse_condition, to_ibis
from tests.kernel.language.rows import SYMBOLS, whole

HOSTILE = [
    "name = ''; drop table customers",
    "'; drop table customers; --",
    "frequency > (select 1)",
    "exists (select 1)",
    "frequency in (select frequency from profiles)",
    "read_csv('/etc/passwd') = 'x'",
    "name = read_text('/etc/passwd')",
    "frequency > 1 union select 1",
    "__import__('os').system('true')",
    "name = $1",
    "name = ?",
    "frequency::text = '1'",
    "cast(frequency as text) = '1'",
    "profiles.frequency > 1",
    "case when active then 1 else 0 end = 1",
    "[x for x in name]",
    "name = E'\\x41'",
    "getenv('HOME') = ''",
    "frequency > 1 \x00",
    "name = '\ud800'",
    "(" * 3_000 + "active" + ")" * 3_000,
    "(" * 1_900 + "active" + ")" * 1_900,
    "(" * 3_999,
    ")" * 3_999,
    "not " * 900 + "active",
    "- " * 1_900 + "1 = 1",
    "abs(" * 900 + "1" + ")" * 900 + " = 1",
    " + ".join(["1"] * 1_000) + " = 1",
    "active " + "and active " * 100_000,
    "x" * 1_000_000,
    "'" * 1_000_001,
    "9" * 3_999 + " > 1",
    "frequency > 1" + " " * 10_000,
    "frequency " + "< 1 " * 900,
    "\u200bfrequency > 1",
]

VOCABULARY = """( ) and or not in like is null between 'a' 'P1' 1 2.5 frequency name kind active birth_date
    products_owned = < > <> + - * / , sum( count( filter where distinct owns( abs( round( true ' " ` %"""
WORDS = VOCABULARY.split()


@pytest.mark.parametrize("source", HOSTILE, ids=[source[:40].encode("unicode_escape").decode() for source in HOSTILE])
def test_a_hostile_rule_is_refused_in_words(source: str) -> None:
    """Neither a statement, a file, nor any depth or length gets further than a sentence."""
    for read in (parse, parse_condition, parse_aggregate):
        with pytest.raises(LanguageError) as caught:
            read(source, SYMBOLS, place="rule")
        assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize("word", ["and", "or"])
def test_hundreds_of_conditions_are_one_rule(engine: Engine, word: str) -> None:
    """A rule of the greatest length runs in both interpreters."""
    source = f" {word} ".join(["active", *["frequency in (1,2)"] * 170])
    expression = parse_condition(source, SYMBOLS, place="rule")
    assert evaluate(expression, whole({"active": True, "frequency": 1}), digits=2) is True
    table = ibis.table({name: symbol.type.ibis for name, symbol in SYMBOLS.items()}, name="profiles")
    query = table.select(answer=to_ibis(expression, table, digits=2))
    assert engine.read(query, {"profiles": []}).num_rows == 0


@pytest.mark.parametrize(
    "source",
    [
        "abs(" * 55 + "score" + ")" * 55 + " > 1",
        "round(" * 55 + "score" + ")" * 55 + " > 1",
        "(" * 60 + "active" + ")" * 60,
        "not " * 55 + "active",
        "score" + " + score" * 55 + " > 1",
        "score" + " / score" * 55 + " > 1",
        "coalesce(" * 55 + "score" + ", 1)" * 55 + " > 1",
    ],
    ids=lambda source: source[:12],
)
def test_the_deepest_rule_runs(engine: Engine, source: str) -> None:
    """What is within the limits compiles, runs, and costs no more than its length."""
    expression = parse_condition(source, SYMBOLS, place="rule")
    evaluate(expression, whole({}), digits=2)
    table = ibis.table({name: symbol.type.ibis for name, symbol in SYMBOLS.items()}, name="profiles")
    query = table.select(answer=to_ibis(expression, table, digits=2))
    assert len(engine.sql(query)) < 100_000
    assert engine.read(query, {"profiles": []}).num_rows == 0


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_text_is_read_or_refused(source: str) -> None:
    """There is no third way: no text makes the reader fail otherwise."""
    for read in (parse, parse_condition, parse_aggregate):
        try:
            read(source, SYMBOLS, place="rule")
        except CarpelError as error:
            assert str(error)  # noqa: PT017
