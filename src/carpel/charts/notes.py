"""Words below a picture, and a picture of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carpel.charts.charts import Drawing
from carpel.charts.elements import element, words
from carpel.charts.measuring import SMALL, width_of, wrapped
from carpel.kernel.texts import Parameter, Rendered, Text, text

_LINE: Final = 17.0
_ROW: Final = 26.0
_SWATCH: Final = 12.0
_BREAK: Final = 20.0


def tied(key: str, others: int, /, **said: Parameter) -> Text:
    """The sentence on what has the most; or, where others have as much, the one that does not single it out."""
    return text(f"{key}-tied", count=others, **said) if others else text(key, **said)


def beneath(drawing: Drawing, said: Sequence[Text], language: str) -> Drawing:
    """A drawing with sentences below it that say how to read it."""
    if not said:
        return drawing
    lines = wrapped(_joined(said, language), drawing.width - 8, SMALL)
    shown = [
        words(
            line, x=drawing.width / 2, y=drawing.height + (place + 1) * _LINE, text_anchor="middle", class_="chart-soft"
        )
        for place, line in enumerate(lines)
    ]
    return Drawing(drawing.width, drawing.height + len(lines) * _LINE + 6, drawing.body + "".join(shown))


def keyed(drawing: Drawing, marks: Sequence[tuple[str, str | None, Rendered]], language: str) -> Drawing:
    """A drawing with a key below it: each mark's class and colour class, and what it stands for."""
    shown, x, y = [], 2.0, drawing.height + 6
    for mark, colour, label in marks:
        said = label.render(language)
        needed = _SWATCH + 6 + width_of(said, SMALL)
        if x > _BREAK and x + needed > drawing.width:
            x, y = 2.0, y + _ROW
        swatch = element("rect", x=x, y=y + 4, width=_SWATCH, height=_SWATCH, rx=2, class_=mark)
        told = words(said, x=x + _SWATCH + 6, y=y + 14, class_="chart-soft")
        shown.append(element("g", swatch, told, class_=colour))
        x += needed + _BREAK
    return Drawing(drawing.width, y + _ROW, drawing.body + "".join(shown))


def nothing(said: Text, language: str, width: float) -> Drawing:
    """What stands where there is nothing to draw: a sentence."""
    lines = wrapped(said.render(language), width - 32)
    height = 40.0 + len(lines) * _LINE
    frame = element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=6, class_="chart-grid")
    shown = [
        words(line, x=width / 2, y=32 + place * _LINE, text_anchor="middle", class_="chart-soft")
        for place, line in enumerate(lines)
    ]
    return Drawing(width, height, frame + "".join(shown))


def _joined(said: Sequence[Text], language: str) -> str:
    return ("" if language.startswith("zh") else " ").join(each.render(language) for each in said)
