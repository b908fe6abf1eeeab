"""A timeline says of each thing once what happened."""

from datetime import UTC, datetime

from carpel.kernel.texts import LANGUAGES, Text, text
from carpel.runs.views.customers import Event, EventKind
from carpel.runs.views.happening import _sale, _without_sales_told_twice


class _Peso:
    def amount(self, row: dict[str, int | None]) -> str:
        return f"PHP {row['amount']}"


def _event(kind: EventKind, key: str | None, money: int | None, *, won: bool | None = None) -> Event:
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    details = {} if won is None else {"won": won}
    return Event(
        kind=kind, at=at, day=at.date(), text=text("views.event-won-plain"), money=money, key=key, details=details
    )


def test_a_won_sale_that_became_an_order_is_told_as_the_order() -> None:
    order = _event(EventKind.ORDER, "S1", 500)
    kept = (
        order,
        _event(EventKind.OPPORTUNITY, "S1", 500),
        _event(EventKind.OPPORTUNITY, "S1", 500, won=False),
        _event(EventKind.OPPORTUNITY, "S2", 500, won=True),
        _event(EventKind.OPPORTUNITY, "S1", 900, won=True),
        _event(EventKind.OPPORTUNITY, None, 500, won=True),
    )
    assert tuple(_without_sales_told_twice((*kept, _event(EventKind.OPPORTUNITY, "S1", 500, won=True)))) == kept


def test_a_sale_of_no_worth_is_told_without_it() -> None:
    for key in ("views.event-opportunity", "views.event-won", "views.event-lost"):
        for amount in (0, None):
            said: Text = _sale(_Peso(), key, {"amount": amount})  # type: ignore[arg-type]
            assert not any("PHP" in said.render(language) or "{" in said.render(language) for language in LANGUAGES)
        assert "PHP 5" in _sale(_Peso(), key, {"amount": 5}).render("en")  # type: ignore[arg-type]
