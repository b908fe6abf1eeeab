"""Pictures as SVG from frozen values: the same in page, notebook and report.

A chart is a frozen value. `embedded` draws it for a page, whose style sheet colours it; `standalone` draws it with its
own colours, to be kept. `caption` says in one true sentence what it shows, and `data` gives the same as rows.

| chart | shows |
|---|---|
| `Fruit` | segments twice, by customers and by money, joined by ribbons |
| `Flow` | who went from which segment to which |
| `Bars` | how customers are distributed over ranges or words, perhaps beside others |
| `Ranking` | one figure of several |
| `Columns` | money by month |
| `Lines` | a figure over time, of one or several |
| `Sparkline` | the same as small as a word |

A page that is read on a laptop and on a phone embeds the picture twice, `width=WIDE` and `width=NARROW`, and its style
sheet shows one of them; nothing in a picture has a name that another could have.
"""

from carpel.charts.charts import NARROW, WIDE, Chart, Data, embedded, standalone
from carpel.charts.colours import SLOTS, stylesheet
from carpel.charts.columns import Column, Columns
from carpel.charts.distribution import Bar, Bars
from carpel.charts.flow import Arrow, Flow, Side, Subject
from carpel.charts.fruit import Carpel, Fruit
from carpel.charts.lines import Line, Lines
from carpel.charts.ranking import Ranked, Ranking
from carpel.charts.sparkline import Sparkline

__all__ = [
    "NARROW",
    "SLOTS",
    "WIDE",
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
    "Line",
    "Lines",
    "Ranked",
    "Ranking",
    "Side",
    "Sparkline",
    "Subject",
    "embedded",
    "standalone",
    "stylesheet",
]
