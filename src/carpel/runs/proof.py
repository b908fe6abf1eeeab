"""A run's proof for an auditor: SQL that DuckDB alone runs over the run's files, without Carpel.

It reads Parquet by paths as seen from the run's folder, so that folder and proof can be handed over together. What the
run says of itself (sizes, the source's money, where tiers are cut) stands in it as plain numbers. Its last
statement gives one row per claim; whoever does not believe a claim can read the statements above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from carpel.kernel.engine import Engine
from carpel.kernel.texts import Text, text
from carpel.runs.opening import Run
from carpel.runs.preceding import assignments_before
from carpel.runs.tally import MONEY
from carpel.schemes import assign

Statement: TypeAlias = tuple[Text, str]
"""A statement with the sentence that stands above it."""

ONE_ROW: Final = "one_row_per_customer"
EVERYONE: Final = "base_and_outside_are_everyone"
ONE_SEGMENT: Final = "exactly_one_segment"
SIZES: Final = "sizes_as_stated"
MONEY_ADDS_UP: Final = "money_adds_up"
RULES: Final = "rules_give_the_same"
HOLDS: Final = "holds_give_the_same"

_RECOMPUTED: Final = "assignments_again"


def proof(run: Run, engine: Engine) -> tuple[Statement, ...]:
    """Every statement of a run's proof, in order; the last gives `claim, proved, wrong`, a row per claim."""
    claims = tuple(_claims(run))
    names = [claim for claim, _, _ in claims]
    proved = "\nUNION ALL\n".join(f"SELECT * FROM {_name(f'claim_{each}')}" for each in names)
    return (
        *_tables(run),
        *_again(run, engine),
        *((sentence, _view(f"claim_{claim}", _claim(claim, wrong))) for claim, sentence, wrong in claims),
        (text("runs.proof-result"), proved),
    )


def _tables(run: Run) -> Iterator[Statement]:
    """What is read: the two tables, and what the run says of its segments."""
    yield text("runs.proof-profiles"), _view("profiles", _parquet(run, run.profiles.files))
    yield text("runs.proof-assignments"), _view("assignments", _parquet(run, run.assignments.files))
    rows = ", ".join(
        f"({_text(each.key)}, {each.customers}, {'NULL' if each.revenue is None else each.revenue})"
        for each in run.manifest.segments
    )
    stated = f"SELECT * FROM (VALUES {rows}) AS stated(segment, customers, revenue)"
    yield text("runs.proof-stated"), _view("stated", stated)


def _again(run: Run, engine: Engine) -> Iterator[Statement]:
    """Everyone's segment once more from profiles, by the statements that the run itself used."""
    before = assignments_before(run)
    if before:
        columns = f"customer_id, {before.segment}, {before.held_until}"
        yield text("runs.proof-before"), _view("previous", f"SELECT {columns} FROM assignments")
    *steps, last = assign(run.scheme, run.profiles, run.cuts, before)
    for step in steps:
        yield step.sentence, _view(step.name, engine.sql((step,)))
    yield last.sentence, _view(_RECOMPUTED, engine.sql((last,)))


def _claims(run: Run) -> Iterator[tuple[str, Text, str]]:
    """Each claim with its sentence and the query that counts what speaks against it."""
    manifest = run.manifest
    customers = manifest.rows["profiles"]
    yield ONE_ROW, text("runs.proof-one-row", customers=customers), _one_row(customers)
    yield EVERYONE, text("runs.proof-everyone", base=manifest.base, outside=manifest.outside_base), _everyone(run)
    yield ONE_SEGMENT, text("runs.proof-one-segment"), _ONE_SEGMENT
    valued = MONEY in run.catalogue.available
    yield SIZES, text("runs.proof-sizes"), _sizes(valued=valued)
    if manifest.ledger and valued:
        source = run.currency.major(manifest.ledger.source)
        yield MONEY_ADDS_UP, text("runs.proof-money", source=source, currency=run.currency.code), _money(run)
    yield RULES, text("runs.proof-rules"), _differences("in_base", "segment_by_rule", *_labels(run))
    yield HOLDS, text("runs.proof-holds"), _differences("segment", "held_until")


def _claim(claim: str, wrong: str) -> str:
    return f"SELECT {_text(claim)} AS claim, wrong = 0 AS proved, wrong\nFROM (\n{wrong}\n)"


def _one_row(customers: int) -> str:
    return f"""\
  SELECT abs((SELECT count(*) FROM assignments) - {customers})
    + (SELECT count(*) - count(DISTINCT customer_id) FROM assignments)
    + (SELECT count(*) - count(DISTINCT customer_id) FROM profiles)
    + (SELECT count(*) FROM assignments a ANTI JOIN profiles p ON a.customer_id = p.customer_id)
    + (SELECT count(*) FROM profiles p ANTI JOIN assignments a ON a.customer_id = p.customer_id) AS wrong"""


def _everyone(run: Run) -> str:
    return f"""\
  SELECT abs(count(*) FILTER (in_base) - {run.manifest.base})
    + abs(count(*) FILTER (NOT in_base) - {run.manifest.outside_base})
    + count(*) FILTER (in_base IS NULL) AS wrong
  FROM assignments"""


_ONE_SEGMENT: Final = """\
  SELECT count(*) FILTER (in_base AND (segment IS NULL OR segment NOT IN (SELECT segment FROM stated)))
    + count(*) FILTER (NOT in_base AND segment IS NOT NULL) AS wrong
  FROM assignments"""


def _sizes(*, valued: bool) -> str:
    revenue = f"coalesce(sum(p.{_name(MONEY)}), 0)" if valued else "NULL"
    return f"""\
  SELECT count(*) AS wrong
  FROM stated
  FULL JOIN (
    SELECT a.segment, count(*) AS customers, {revenue} AS revenue
    FROM assignments a LEFT JOIN profiles p ON a.customer_id = p.customer_id
    WHERE a.segment IS NOT NULL
    GROUP BY a.segment
  ) counted ON stated.segment = counted.segment
  WHERE coalesce(stated.customers, 0) <> coalesce(counted.customers, 0)
    OR coalesce(stated.revenue, 0) <> coalesce(counted.revenue, 0)"""


def _money(run: Run) -> str:
    ledger = run.manifest.ledger
    rests = "".join(f"\n    + {amount} /* {name} */" for name, amount in run.manifest.rests.items())
    return f"""\
  SELECT abs(coalesce(sum(p.{_name(MONEY)}), 0){rests}
    - {ledger.source if ledger else 0} /* source */) AS wrong
  FROM assignments a LEFT JOIN profiles p ON a.customer_id = p.customer_id"""


def _differences(*columns: str) -> str:
    differs = "\n    OR ".join(f"a.{_name(each)} IS DISTINCT FROM b.{_name(each)}" for each in columns)
    return f"""\
  SELECT count(*) AS wrong
  FROM assignments a FULL JOIN {_RECOMPUTED} b ON a.customer_id = b.customer_id
  WHERE a.customer_id IS NULL
    OR b.customer_id IS NULL
    OR {differs}"""


def _labels(run: Run) -> tuple[str, ...]:
    return tuple(each.key for each in run.scheme.partitions)


def _parquet(run: Run, files: Sequence[Path]) -> str:
    """Rows of files, by their paths as seen from the run's folder."""
    paths = ", ".join(_text(file.relative_to(run.folder).as_posix()) for file in files)
    return f"SELECT * FROM read_parquet([{paths}])"


def _view(name: str, query: str) -> str:
    return f"CREATE OR REPLACE TEMP VIEW {_name(name)} AS\n{query}"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
