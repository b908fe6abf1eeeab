"""Money inside and outside."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.errors import CarpelError
from carpel.kernel.money import Currency
from carpel.kernel.texts import text

currencies = st.sampled_from(["PHP", "JPY", "KWD", "EUR", "CNY"]).map(Currency)


@given(currency=currencies, minor=st.integers(-(2**63), 2**63 - 1))
def test_minor_units_survive_the_way_out_and_in(currency: Currency, minor: int) -> None:
    """No cent is lost, however large the amount."""
    assert currency.minor(currency.major(minor)) == minor


@given(currency=currencies, amount=st.decimals(-(10**12), 10**12, places=6))
def test_an_amount_is_off_by_half_a_minor_unit_at_most(currency: Currency, amount: Decimal) -> None:
    """Rounding to minor units takes the nearest."""
    assert abs(currency.major(currency.minor(amount)) - amount) <= currency.major(1) / 2


@pytest.mark.parametrize(("amount", "minor"), [("0.005", 0), ("0.015", 2), ("0.025", 2), ("-0.015", -2)])
def test_a_half_goes_to_the_even_unit(amount: str, minor: int) -> None:
    """As bankers round."""
    assert Currency("PHP").minor(Decimal(amount)) == minor


def test_money_is_shown_as_its_reader_writes_it() -> None:
    """With the currency's own digits."""
    assert Currency("PHP").shown(123_450) == "₱1,234.50"
    assert Currency("JPY").shown(1_234) == "¥1,234"
    assert Currency("PHP").shown(123_450, whole=True) == "₱1,235"


def test_a_sentence_writes_money_in_its_reader_s_form() -> None:
    """The same value, in each language with its own sign."""
    said = text("language.says-value", value=Currency("TWD").money(123_450))
    assert said.render("en") == "NT$1,234.50"
    assert said.render("zh-Hant") == "$1,234.50"


def test_an_unknown_currency_comes_with_the_nearest() -> None:
    """A slip in the code is named."""
    with pytest.raises(CarpelError) as caught:
        Currency("PPH")
    assert "PHP" in str(caught.value)


def test_a_currency_without_a_symbol_is_shown_by_its_code_apart_from_the_digits() -> None:
    assert Currency("PHP").shown(123_456, "zh-Hans") == "PHP\u00a01,234.56"
    assert Currency("PHP").shown(-123_456, "zh-Hant", whole=True) == "-PHP\u00a01,235"
    assert Currency("PHP").shown(123_456, "fil") == "₱1,234.56"
