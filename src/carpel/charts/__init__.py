"""Pictures as SVG from frozen values: the same in page, notebook and report.

A chart is a frozen value. `embedded` draws it for a page, whose style sheet colours it; `standalone` draws it with its
own colours, to be kept. `caption` says in one true sentence what it shows, and `table` gives the same as rows.
"""

from carpel.charts.charts import Chart, Data, embedded, standalone
from carpel.charts.colours import SLOTS, stylesheet
from carpel.charts.columns import Column, Columns
from carpel.charts.distribution import Bar, Bars
from carpel.charts.flow import Arrow, Flow, Side
from carpel.charts.fruit import Carpel, Fruit
from carpel.charts.sparkline import Sparkline

__all__ = [
    "SLOTS",
    "Arrow",
    "Bar",
    "Bars",
    "Carpel",
    "Chart",
    "Column",
    "Columns",
    "Data",
    "Flow",
    "Fruit",
    "Side",
    "Sparkline",
    "embedded",
    "standalone",
    "stylesheet",
]
