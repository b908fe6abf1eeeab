"""A model's card on the terminal."""

from __future__ import annotations

from rich.text import Text as Styled

from carpel.cli.click_translated import reader_language, say
from carpel.cli.output import Grid, out
from carpel.models import Card


def show(card: Card) -> None:
    """What it asks, what it had, how good it was and what it lacks."""
    language = reader_language()
    out().print(Styled(card.asks.render(language), style="bold"))
    rung = card.rung.label.render(language)
    out().print(say("model.learned", day=card.as_of.day, rung=rung, method=card.method or "", count=card.customers))
    for each in card.supplies:
        key = "model.supply-enough" if each.suffices else "model.supply-short"
        out().print(say(key, of=each.of.render(language), had=each.had, needed=each.needed))
    if card.wanted:
        out().print(card.wanted.render(language))
    _show_gain(card, language)
    _show_contenders(card, language)
    _show_bands(card, language)
    _show_weights(card)
    _show_effects(card, language)
    for remark in card.remarks:
        out().print(Styled(remark.render(language), style="dim"))


def _show_gain(card: Card, language: str) -> None:
    if card.gain is None or card.baseline is None:
        out().print(say("model.not-judged"))
        return
    better = ("model.gain-better" if card.is_better else "model.gain-unsure") + ("" if card.judged_from else "-held")
    out().print(
        say(
            better,
            baseline=card.baseline.render(language),
            measure=card.measure.render(language),
            gain=_figure(card.gain),
            low=_figure(card.gain_low),
            high=_figure(card.gain_high),
            since=card.judged_from,
            until=card.judged_until,
        )
    )


def _show_contenders(card: Card, language: str) -> None:
    if not card.contenders:
        return
    out().print()
    out().print(say("model.tried", measure=card.measure.render(language)))
    grid = Grid([say("model.contender"), *(">" + say(f"model.{name}") for name in ("score", "behind", "interval"))])
    for each in card.contenders:
        interval = f"{_figure(each.low)} … {_figure(each.high)}" if each.behind else say("model.best")
        grid.rows.append([each.name, _figure(each.score), _figure(each.behind), interval])
    grid.show()


def _show_bands(card: Card, language: str) -> None:
    if not card.bands or card.counted is None:
        return
    out().print()
    out().print(say("model.bands", counted=card.counted.render(language)))
    grid = Grid([say("model.band"), *(">" + say(f"model.{name}") for name in ("customers", "expected", "actual"))])
    for each in card.bands:
        grid.rows.append(
            [each.of.render(language), f"{each.customers:,}", _figure(each.expected), _figure(each.actual)]
        )
    grid.show()


def _show_weights(card: Card) -> None:
    if not card.weights:
        return
    out().print()
    out().print(say("model.weights"))
    grid = Grid([say("model.attribute"), *(">" + say(f"model.{name}") for name in ("weight", "drift"))])
    for each in card.weights:
        grid.rows.append([each.key, f"{each.weight:.1%}", _figure(each.drift)])
    grid.show()


def _show_effects(card: Card, language: str) -> None:
    if not card.effects:
        return
    out().print()
    out().print(say("model.effects"))
    heads = (say("model.attribute"), say("model.compared"))
    grid = Grid([*heads, *(">" + say(f"model.{name}") for name in ("effect", "interval"))])
    for each in card.effects:
        interval = f"{_figure(each.low)} … {_figure(each.high)}"
        grid.rows.append([each.key, each.of.render(language), _figure(each.effect), interval])
    grid.show()


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
