"""Money is whole minor units inside the engine and a decimal outside; in sentences it names its currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision, list_currencies

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.texts import DEFAULT_LANGUAGE, locale_of


@dataclass(frozen=True)
class Currency:
    """An ISO 4217 currency.

    Attributes:
        code: Three capital letters.
    """

    code: str

    def __post_init__(self) -> None:
        if self.code not in list_currencies():
            raise CarpelError("kernel.unknown-currency", code=self.code, hint=nearest(self.code, list_currencies()))

    @property
    def digits(self) -> int:
        """Decimal places of the minor unit: 2 for PHP, 0 for JPY."""
        return int(get_currency_precision(self.code))

    def minor(self, amount: Decimal) -> int:
        """Whole minor units, half to even."""
        return int(amount.scaleb(self.digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))

    def major(self, minor: int) -> Decimal:
        """The decimal amount of some minor units."""
        return Decimal(minor).scaleb(-self.digits)

    def shown(self, minor: int, language: str = DEFAULT_LANGUAGE, *, whole: bool = False) -> str:
        """The amount as a person reads it, for example `₱1,234.50`; `whole` leaves out the minor unit."""
        return _shown(self.major(minor), self, language, whole=whole)

    def money(self, minor: int) -> Money:
        """Some minor units as a sentence takes them."""
        return Money(self.major(minor), self)


@dataclass(frozen=True)
class Money:
    """An amount in a sentence; each language writes it in its own way.

    Attributes:
        amount: In major units. A fraction of the minor unit, as a rule may name it, is shown in full.
        currency: Its currency.
    """

    amount: Decimal
    currency: Currency

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The amount in a language, as `₱1,234.50`."""
        return _shown(self.amount, self.currency, language, whole=False)

    def __str__(self) -> str:
        return self.render()


def _shown(amount: Decimal, currency: Currency, language: str, *, whole: bool) -> str:
    shown = format_currency(
        # Half up, as people round money.
        amount.quantize(Decimal(1), ROUND_HALF_UP) if whole else amount,
        currency.code,
        "¤#,##0" if whole else None,
        locale=locale_of(language),
        currency_digits=not whole,
        decimal_quantization=whole,
    )
    # Where a language has no symbol for a currency its code stands, apart from the digits.
    return str(shown).replace(currency.code, f"{currency.code}\u00a0")
