"""Rules in words, and in parts."""

from datetime import date

import pytest

from carpel.kernel.language import evaluate, parse, sentence
from carpel.kernel.language.errors import LanguageError
from carpel.kernel.money import Currency
from carpel.kernel.texts import LANGUAGES, Labels
from tests.kernel.language.rows import SYMBOLS

LABELS = {
    "recency_days": Labels({"en": "days since the last purchase", "zh-Hans": "距上次购买天数"}),
    "products_owned": Labels({"en": "products owned"}),
}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("recency_days > 90", "days since the last purchase is more than 90"),
        ("not recency_days > 90", "days since the last purchase is at most 90"),
        ("kind in ('business', 'reseller')", "kind is one of business, reseller"),
        ("kind not in ('business', 'reseller')", "kind is none of business, reseller"),
        ("owns('P1')", "products owned include P1"),
        ("'P1' not in products_owned", "products owned do not include P1"),
        ("birth_date between '2000-01-01' and as_of", "birth_date is between Jan 1, 2000 and as_of"),
        ("name is not null and (active or subscribed)", "name is known and (active or subscribed)"),
        ("not (active and subscribed) or not active", "not (active and subscribed) or not active"),
        ("name not like 'A%'", "name is not like “A%”"),
        ("recency_days > (frequency + 1) * 2", "days since the last purchase is more than (frequency + 1) * 2"),
        ("round(score, 1) = 2.5", "round(score, 1) is 2.5"),
        ("not not active", "active"),
        ("score", "score"),
        ("1000", "1,000"),
    ],
)
def test_a_rule_reads_as_a_sentence(source: str, said: str) -> None:
    """Names become labels, signs become words."""
    assert str(sentence(parse(source, SYMBOLS, place="rule"), LABELS)) == said


def test_values_stand_beside_their_names() -> None:
    """For one customer the sentence says what it saw, each language in its own form."""
    rule = parse("recency_days > 90 and monetary_value > 1000 and owns('P1')", SYMBOLS, place="rule")
    values = {"recency_days": 120, "monetary_value": 123_450, "products_owned": ["P1", "P2"]}
    said = sentence(rule, LABELS, values=values)
    assert str(said) == (
        "days since the last purchase (here 120) is more than 90 and monetary_value (here 1,234.5) is more than 1,000"
        " and products owned (here P1, P2) include P1"
    )
    assert said.render("zh-Hans").startswith("距上次购买天数（此处为 120）大于 90，且")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("monetary_value > 1000", "monetary_value (here ₱1,234.50) is more than ₱1,000.00"),
        ("monetary_value between 0.005 and 2e6", "monetary_value (here ₱1,234.50) is between ₱0.005 and ₱2,000,000.00"),
        ("monetary_value in (1, 2)", "monetary_value (here ₱1,234.50) is one of ₱1.00, ₱2.00"),
        ("5 < monetary_value - 10", "₱5.00 is less than monetary_value (here ₱1,234.50) - ₱10.00"),
        (
            "monetary_value / recency_days > 10",
            "monetary_value (here ₱1,234.50) / recency_days (here 120) is more than ₱10.00",
        ),
        (
            "monetary_value / monetary_value > 1",
            "monetary_value (here ₱1,234.50) / monetary_value (here ₱1,234.50) is more than 1",
        ),
    ],
)
def test_amounts_name_their_currency_and_other_numbers_do_not(source: str, said: str) -> None:
    """What stands beside money is money; money by money is a ratio."""
    values = {"recency_days": 120, "monetary_value": 123_450}
    rule = parse(source, SYMBOLS, place="rule")
    assert str(sentence(rule, values=values, currency=Currency("PHP"))) == said


def test_an_unknown_value_is_called_unknown() -> None:
    """Null and NaN are no values."""
    rule = parse("score > 1 or birth_date < '2000-01-01'", SYMBOLS, place="rule")
    said = sentence(rule, values={"score": float("nan"), "birth_date": None})
    assert str(said) == "score (here unknown) is more than 1 or birth_date (here unknown) is before Jan 1, 2000"


def test_hundreds_of_conditions_can_be_said() -> None:
    """However long, in every language."""
    rule = parse(" and ".join(["active"] * 360), SYMBOLS, place="rule")
    for language in LANGUAGES:
        assert sentence(rule).render(language).count("active") == 360


def test_an_expression_knows_what_it_reads() -> None:
    """Names, each once, in order of appearance."""
    rule = parse("owns('P1') and `Invoice Number` = 'x' and frequency + frequency > 1", SYMBOLS, place="rule")
    assert [symbol.name for symbol in rule.symbols] == ["products_owned", "Invoice Number", "frequency"]
    assert rule.names == {"products_owned", "Invoice Number", "frequency"}


def test_a_missing_entry_is_not_an_unknown_value() -> None:
    """To leave an attribute out is a mistake of the caller, and says so."""
    rule = parse("as_of > '2020-01-01'", SYMBOLS, place="rule:1:1")
    assert evaluate(rule, {"as_of": date(2021, 1, 1)}, digits=2) is True
    with pytest.raises(LanguageError) as caught:
        evaluate(rule, {}, digits=2)
    assert "as_of" in str(caught.value)
