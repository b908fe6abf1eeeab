"""An expression that cannot be read says where, and what to write instead."""

import pytest

from carpel.kernel.language import LanguageError, parse, parse_condition
from carpel.kernel.texts import LANGUAGES
from tests.kernel.language.rows import SYMBOLS

PLACE = "schemes/customers.yaml:12:11"

MISTAKES: list[tuple[str, str, str, str]] = [
    # The expression, the part that is meant, the key, what the text must contain.
    ("recency_dys > 90", "recency_dys", "unknown-name", "recency_days"),
    ("Recency_Days > 90", "Recency_Days", "unknown-name", "recency_days"),
    ("zzz > 90", "zzz", "unknown-name", "customer_id, name"),
    ("kind = 'busines'", "'busines'", "unknown-value", "'business'"),
    ("kind in ('business', 'X')", "'X'", "unknown-value", "'consumer', 'business', 'reseller'"),
    ("kind <> 'Business'", "'Business'", "unknown-value", "Did you mean 'business'"),
    ("coalesce(kind, 'none') = 'nobody'", "'nobody'", "unknown-value", "'none'"),
    ("recency_days > '90'", "'90'", "number-with-text", "without quotes"),
    ("customer_id = 123", "123", "text-with-number", "'123'"),
    ("active = 'true'", "'true'", "unquote", "true"),
    ("birth_date > 2020", "2020", "date-with-number", "'2025-07-31'"),
    ("birth_date > '31.12.2020'", "'31.12.2020'", "date-unreadable", "2025-07-31"),
    ("birth_date > '2023-02-29'", "'2023-02-29'", "date-unreadable", "2023-02-29"),
    ("birth_date = '2023-02-01T10:00'", "'2023-02-01T10:00'", "date-unreadable", "2025-07-31"),
    ("as_of - birth_date > 30", "as_of", "date-arithmetic", "days_between"),
    ("name > recency_days", "recency_days", "different-kinds", "cannot be compared"),
    ("active > 1", "1", "different-kinds", "true or false"),
    ("active > subscribed", ">", "no-order", "="),
    ("products_owned = 'P1'", "products_owned", "set-compared", "'P1' in products_owned"),
    ("products_owned in ('P1')", "products_owned", "set-compared", "'P1' in products_owned"),
    ("'a' in name", "name", "not-a-set", "('a', 'b')"),
    ("name = null", "name = null", "compared-with-null", "is null"),
    ("name in ('a', null)", "null", "compared-with-null", "is null"),
    ("frequency + null > 1", "null", "null-value", "is null"),
    ("1 < frequency < 5", "<", "chained", "b between a and c"),
    ("frequency", "frequency", "not-a-condition", "compare it"),
    ("active and name", "name", "not-a-condition", "text"),
    ("name + 'a' = 'b'", "name", "not-a-number", "text"),
    ("frequency in (recency_days, 5)", "recency_days", "list-of-values", "recency_days"),
    ("frequency in ()", "frequency in ()", "empty-list", "at least one"),
    ("frequency like '5%'", "frequency", "not-a-text", "a number"),
    ("name like nickname", "nickname", "pattern", "'A%'"),
    ("name like 'a\\'", "'a\\'", "pattern-end", "twice"),
    ("avrg(frequency) > 1", "avrg", "unknown-function", "There are"),
    ("rund(score) > 1", "rund", "unknown-function", "round"),
    ("abs(score, 1) > 1", "abs", "arguments", "1"),
    ("abs(name) > 1", "name", "argument", "a number"),
    ("round(score, frequency) > 1", "frequency", "digits", "0"),
    ("sum(frequency) > 1", "sum", "no-aggregates", "attributes:"),
    ("max(frequency, 3) > 1", "max", "aggregate-of-one-row", "greatest"),
    ("abs(*) > 1", "abs", "only-aggregates", "count"),
    ("frequency > 1e999", "1e999", "number-too-large", "too large"),
    # Slips of the pen.
    ("frequency == 5", "==", "sign", "Write = instead of =="),
    ("frequency => 5", "=>", "sign", ">="),
    ("frequency ≥ 5", "≥", "sign", ">="),
    ("frequency ＞ 5", "＞", "sign", ">"),
    ("kind = “business”", "“", "sign", "'"),
    ("active && subscribed", "&", "sign", "and"),
    ("active || subscribed", "|", "sign", "or"),
    ("!active", "!", "sign", "not"),
    ('name = "ana"', '"ana"', "double-quoted", "'ana'"),
    ("name = 'ana", "'", "unclosed-quote", "'"),
    ("name = 'it's'", "'", "quote-inside", "'it''s'"),
    ("returns_share > 5%", "%", "percent", "0.05"),
    ("frequency > 1,000", ",", "thousands", "1234.5"),
    ("(frequency > 1", "(", "unclosed", ")"),
    ("frequency > 1)", ")", "unopened", "remove"),
    ("frequency >", "", "unfinished", "end"),
    ("frequency > 1 and", "", "unfinished", "end"),
    ("frequency > 5 orvip", "orvip", "missing-operator", "orvip"),
    ("frequency 5", "5", "missing-operator", "="),
    ("frequency > and active", "and", "unexpected", "and"),
    ("", "", "empty", "recency_days > 90"),
    ("   \n ", "", "empty", "recency_days > 90"),
    ("frequency > 1 -- always", "--", "comment", "YAML"),
    ("frequency > 1 # always", "#", "comment", "YAML"),
    ("frequency /* always */ > 1", "*", "comment", "YAML"),
]


@pytest.mark.parametrize(("source", "meant", "key", "remedy"), MISTAKES, ids=[case[0] for case in MISTAKES])
def test_a_mistake_is_pointed_at_with_its_remedy(source: str, meant: str, key: str, remedy: str) -> None:
    """The error names the part that is meant and what to write."""
    with pytest.raises(LanguageError) as caught:
        parse_condition(source, SYMBOLS, place=PLACE)
    error = caught.value
    assert error.text.key == f"language.{key}"
    assert source[error.span.start : error.span.end] == meant
    assert remedy in str(error.text)
    for language in LANGUAGES:
        shown = error.text.render(language)
        assert "{" not in shown
        assert "language." not in shown


def test_the_place_leads_to_the_slip() -> None:
    """A place is that of the expression with the offset in it, and the text shows the part with carets."""
    with pytest.raises(LanguageError) as caught:
        parse_condition("kind = 'business' and recency_dys > 90", SYMBOLS, place=PLACE)
    assert caught.value.place == f"{PLACE}+22"
    problem, line, carets = str(caught.value.text).split("\n")
    assert "recency_dys" in problem
    assert line[carets.index("^") : carets.rindex("^") + 1] == "recency_dys"


def test_carets_stand_under_wide_letters() -> None:
    """Chinese letters take two columns of a terminal."""
    with pytest.raises(LanguageError) as caught:
        parse_condition("name = '北京' and 城市 = 'x'", SYMBOLS, place=PLACE)
    *_, line, carets = str(caught.value.text).split("\n")
    assert carets == " " * (4 + len("name = '") + 4 + len("' and ")) + "^^^^"
    assert line == "    name = '北京' and 城市 = 'x'"


def test_a_long_expression_is_shown_in_part() -> None:
    """Of a long or many-lined expression the text shows what is around the slip."""
    source = " and ".join(["frequency > 1"] * 20) + " and x\n > 1 and " + " and ".join(["active"] * 20)
    with pytest.raises(LanguageError) as caught:
        parse_condition(source, SYMBOLS, place=PLACE)
    _, line, carets = str(caught.value.text).split("\n")
    assert line.strip().startswith("…")
    assert len(line) < 100
    assert line[carets.index("^")] == "x"


def test_owns_needs_products() -> None:
    """Where there are no order lines, `owns` says what it lacks."""
    with pytest.raises(LanguageError) as caught:
        parse_condition("owns('P1')", {}, place=PLACE)
    assert "products_owned" in str(caught.value)


def test_a_set_with_known_values_refuses_others() -> None:
    """A mistyped product is an error where the products are known."""
    symbol = SYMBOLS["products_owned"]
    known = {symbol.name: type(symbol)(symbol.name, symbol.type, ("P1", "P2"))}
    assert parse("owns('P2')", known, place=PLACE)
    with pytest.raises(LanguageError) as caught:
        parse("owns('P7')", known, place=PLACE)
    assert "'P1', 'P2'" in str(caught.value)
