"""Two schemes replayed over the same past dates, and judged by the money that came after each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import ibis

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.texts import Labels, Text, text
from carpel.profiles import Profiles
from carpel.runs.fingerprints import TABLE
from carpel.runs.opening import Run
from carpel.runs.past import FOLDER, Past, past
from carpel.runs.refining.outcomes import Period, bucket_bindings, outcomes, periods
from carpel.runs.refining.suggesting import SEED
from carpel.schemes import Scheme, names
from carpel.schemes.racing import Cell, Lane, Race, Round, judged
from carpel.schemes.racing.measuring import stayed
from carpel.schemes.suggesting.sums import Sums

MOST_PERIODS: Final = 4

_OTHER: Final = "assignments_other"
_NUMBER: Final = "customer_no"


@dataclass(frozen=True, kw_only=True)
class RaceReport:
    """A race with what it was run over.

    Attributes:
        race: What came of it.
        periods: The periods whose money judged, the earliest first.
        customers: How many customers took part in each.
    """

    race: Race
    periods: tuple[Period, ...]
    customers: tuple[int, ...]


def race(
    run: Run,
    engine: Engine,
    schemes: tuple[Scheme, Scheme],
    names: tuple[str, str],
    *,
    days: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
) -> RaceReport:
    """Compare two schemes over past dates of a run's facts.

    Args:
        run: Whose facts and attributes count.
        engine: Where expressions run.
        schemes: The two; neither need have run.
        names: What to call them.
        days: How long each period is; None: a quarter of the history, 30 to 180 days.
        seed: Which half predicts which.
        progress: Is told each stage.

    Raises:
        SchemeRefused: One of them has errors that can be seen before any data.
        CarpelError: Nothing has money, or the history is too short.
    """
    judging = periods(run, days, MOST_PERIODS)
    moments = (*(each.start for each in judging), run.as_of)
    said = progress or Silent()
    lanes: list[list[Past]] = []
    for scheme, name in zip(schemes, names, strict=True):
        said.stage(text("runs.stage-racing", scheme=name, count=len(moments)))
        lanes.append(_replays(run, engine, scheme, moments, said))
    said.stage(text("runs.stage-comparing"))
    rounds = [
        _round((lanes[0][number], lanes[1][number]), _after(run, lanes, number), engine, seed)
        for number in range(len(judging))
    ]
    customers = tuple(each.customers() for each in rounds)
    return RaceReport(race=_result(engine, lanes, names, rounds), periods=judging, customers=customers)


def _result(
    engine: Engine, replays: Sequence[Sequence[Past]], called: tuple[str, str], rounds: Sequence[Round]
) -> Race:
    explained, difference, low, high = judged(rounds)
    first, second = (
        _lane(engine, replays[lane], called[lane], explained[lane], _best(rounds, lane)) for lane in (0, 1)
    )
    return Race(lanes=(first, second), difference=difference, low=low, high=high)


def _replays(run: Run, engine: Engine, scheme: Scheme, moments: Sequence[AsOf], progress: Progress) -> list[Past]:
    """The scheme at each moment, a hold looking back from each to the one before."""
    made: list[Past] = []
    for moment in moments:
        before = made[-1] if made else None
        place = run.workspace / FOLDER
        made.append(past(run, engine, scheme, moment, place, keep=(), before=before))
        progress.advance(len(made), len(moments))
    return made


def _after(run: Run, lanes: Sequence[Sequence[Past]], number: int) -> Profiles:
    """Profiles at the end of a period; the next one's beginning, or now."""
    later = lanes[0][number + 1]
    return run.profiles if later.at == run.as_of else later.profiles


def _round(pasts: tuple[Past, Past], after: Profiles, engine: Engine, seed: int) -> Round:
    """The money of one period by both schemes' segments and by half."""
    first, second = pasts
    query = _crossed(first, second, after, seed)
    cells: dict[Cell, Sums] = {}
    for bucket in range(len(first.profiles.files)):
        files = {**bucket_bindings(first, after, bucket), _OTHER: (second.assignments.files[bucket],)}
        for row in engine.read(query, files).to_pylist():
            cell = (row["first"], row["second"], bool(row["half"]))
            cells[cell] = cells.get(cell, Sums()) + Sums(row["customers"], row["total"], row["squares"])
    return Round(cells)


def _crossed(first: Past, second: Past, after: Profiles, seed: int) -> Any:
    rows = outcomes(first, after, seed=seed, everyone=True)
    other = _placed(second, _OTHER).select(__number=ibis._[_NUMBER], second=ibis._.segment)
    rows = rows.select(_NUMBER, first=rows["__segment"], half=rows["__half"], money=rows["__money"])
    rows = rows.inner_join(other, rows[_NUMBER] == other["__number"])
    inside = rows.filter(rows["first"].notnull() | rows["second"].notnull())
    return inside.group_by("first", "second", "half").agg(
        customers=inside.count(), total=inside.money.sum(), squares=(inside.money * inside.money).sum()
    )


def _placed(moment: Past, name: str) -> Any:
    return ibis.table(dict(moment.assignments.columns), name=name)


def _best(rounds: Sequence[Round], lane: int) -> float:
    return sum(each.best_share(lane) for each in rounds) / len(rounds)


def _lane(engine: Engine, replays: Sequence[Past], name: str, explained: float, best_share: float) -> Lane:
    scheme = replays[-1].scheme
    sizes = _sizes(engine, replays[-1])
    base = sum(sizes.values())
    shares = sorted(sizes.get(leaf.key, 0) / base if base else 0.0 for leaf in scheme.leaves)
    return Lane(
        name=name,
        label=scheme.label,
        explained=explained,
        best_share=best_share,
        stays=_stays(engine, replays),
        segments=len(scheme.leaves),
        smallest=shares[0],
        largest=shares[-1],
        empty=sum(not share for share in shares),
        known_today=_known_today(replays[0]),
    )


def _known_today(moment: Past) -> tuple[Labels | Text, ...]:
    """What the scheme reads, and what of it nobody had kept by then."""
    found = moment.profiles.catalogue
    read = set(names(moment.scheme, found))
    return tuple(found.available[key].label for key in found.as_known_today(moment.at) if key in read)


def _sizes(engine: Engine, moment: Past) -> Mapping[str, int]:
    table = moment.assignments.unbound()
    inside = table.filter(table.in_base)
    counted = inside.group_by("segment").agg(customers=inside.count())
    rows = engine.read(counted, {TABLE: moment.assignments.files}).to_pylist()
    return {row["segment"]: int(row["customers"]) for row in rows}


def _stays(engine: Engine, replays: Sequence[Past]) -> float | None:
    """Of customers in a segment on a date and on the next, the part in the same one."""
    same = all_in_all = 0
    for before, after in pairwise(replays):
        found = stayed(_moved(engine, before, after))
        same, all_in_all = same + found[0], all_in_all + found[1]
    return same / all_in_all if all_in_all else None


def _moved(engine: Engine, before: Past, after: Past) -> list[tuple[str | None, str | None, int]]:
    """Customers by segment on two dates; of those whom the facts knew on the first."""
    profiles = before.profiles.unbound()
    known = profiles.filter(profiles.relationship.notnull()).select(_NUMBER)
    earlier = before.assignments.unbound().select(_NUMBER, before=ibis._.segment).inner_join(known, _NUMBER)
    later = _placed(after, _OTHER).select(__number=ibis._[_NUMBER], after=ibis._.segment)
    both = earlier.inner_join(later, earlier[_NUMBER] == later["__number"])
    query = both.group_by("before", "after").agg(customers=both.count())
    counted: Counter[tuple[str | None, str | None]] = Counter()
    files = zip(before.profiles.files, before.assignments.files, after.assignments.files, strict=True)
    for profile, placed, other in files:
        for row in engine.read(query, {"profiles": (profile,), TABLE: (placed,), _OTHER: (other,)}).to_pylist():
            counted[row["before"], row["after"]] += int(row["customers"])
    return [(*pair, customers) for pair, customers in counted.items()]
