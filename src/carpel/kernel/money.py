"""Money is whole minor units inside the engine and a decimal outside."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

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
        pattern = "¤#,##0" if whole else None
        shown = format_currency(
            self.major(minor),
            self.code,
            pattern,
            locale=locale_of(language),
            currency_digits=not whole,
        )
        # Where a language has no symbol for a currency its code stands, apart from the digits.
        return str(shown).replace(self.code, f"{self.code}\u00a0")
