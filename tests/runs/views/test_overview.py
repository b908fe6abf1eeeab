"""The overview says what the run's tables say, beside the run before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import LANGUAGES, text
from carpel.runs.moves.expecting import Arrow, Expectation
from carpel.runs.records import Holder, RunRecord, RunState
from carpel.runs.views import overviewing
from carpel.runs.views.attention import attention
from carpel.runs.views.overview import AttentionKind, Destination, Overview
from carpel.runs.views.overviewing import Standing, looked
from carpel.workspace import Workspace
from tests.runs.views.conftest import END, FIRST, NOW, Ask


@pytest.fixture(scope="module")
def overview(company: Workspace) -> Overview:
    return company.overview(now=NOW)


def test_customers_and_money_are_those_of_the_tables(overview: Overview, ask: Ask) -> None:
    [(customers, revenue)] = ask("SELECT count(*), sum(monetary_value) FROM placed WHERE segment IS NOT NULL")
    assert (overview.customers.value, overview.in_segments and overview.in_segments.value) == (customers, revenue)
    assert overview.outside.value == ask("SELECT count(*) FROM placed WHERE segment IS NULL")[0][0]


def test_segments_and_rests_are_all_the_sources_money(overview: Overview, company: Workspace) -> None:
    ledger = company.current.manifest.ledger
    assert ledger
    assert overview.revenue
    assert overview.in_segments
    assert overview.revenue.value == ledger.source == overview.in_segments.value + sum(overview.rests.values())


def test_shares_of_leaves_add_up_to_1(overview: Overview) -> None:
    assert sum(line.share for line in overview.leaves) == pytest.approx(1)
    assert sum(line.money_share or 0 for line in overview.leaves) == pytest.approx(1)


def test_changes_count_from_the_run_as_of_an_earlier_day(overview: Overview, ask: Ask) -> None:
    assert (overview.since, overview.as_of) == (FIRST, END)
    before: dict[str, int] = dict(
        ask("SELECT previous_segment, count(*) FROM assignments WHERE previous_segment IS NOT NULL GROUP BY 1")
    )
    for line in overview.leaves:
        assert line.customers.before == before.get(line.row.key, 0)
        assert line.customers.change == line.customers.value - before.get(line.row.key, 0)


def test_history_ends_with_now_and_parents_hold_what_their_parts_hold(overview: Overview) -> None:
    for line in overview.segments:
        assert [point.as_of for point in line.history] == [FIRST, END]
        assert line.history[-1].customers == line.row.customers
        parts = [part for part in overview.segments if part.row.parent == line.row.key]
        for number, point in enumerate(line.history):
            assert not parts or point.customers == sum(part.history[number].customers for part in parts)


def test_moves_are_those_that_two_runs_compared_give(overview: Overview, company: Workspace) -> None:
    compared = company.moves().moves
    assert overview.moves
    assert overview.moves.start == compared.start
    found = {(each.before, each.after): (each.customers, each.revenue or 0) for each in overview.moves.flows}
    assert found == {(each.before, each.after): (each.customers, each.revenue or 0) for each in compared.flows}


def test_everything_that_needs_attention_is_a_sentence_in_every_language(overview: Overview) -> None:
    assert overview.attention
    for item in overview.attention:
        for language in LANGUAGES:
            said = item.text.render(language)
            assert said
            assert "{" not in said
            assert not said.startswith("views.")


def test_tiny_segments_are_told_together_with_those_that_they_are(overview: Overview, ask: Ask) -> None:
    [item] = [item for item in overview.attention if item.kind is AttentionKind.TINY]
    counted: dict[str, int] = dict(ask("SELECT segment, count(*) FROM placed WHERE segment IS NOT NULL GROUP BY 1"))
    assert set(item.segments) == {key for key, count in counted.items() if count < 30}


def test_old_data_is_said_to_be_old(company: Workspace) -> None:
    later = company.overview(now=NOW + timedelta(days=45))
    [item] = [item for item in later.attention if item.kind is AttentionKind.STALE]
    assert item.goes_to is Destination.DATA
    assert not [each for each in company.overview(now=NOW).attention if each.kind is AttentionKind.STALE]


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.REFUSED, RunState.ABANDONED])
def test_a_run_that_came_to_nothing_comes_first(company: Workspace, state: RunState) -> None:
    standing = _standing(company)
    started = datetime(2025, 6, 30, 1, tzinfo=UTC)
    failed = RunRecord(
        id="x", state=state, started=started, holder=Holder.myself(), problem=text("runs.nobody", customers=1)
    )
    seen = looked(standing, standing.lines, company.store, now=NOW)
    first = attention(replace(seen, records=(failed, *seen.records)))[0]
    assert (first.kind, first.severity) == (AttentionKind.FAILED_RUN, Severity.ERROR)


def test_a_segment_shrinks_where_more_left_than_earlier_movement_suggests(company: Workspace) -> None:
    standing = _standing(company)
    assert standing.moves
    losing = next(each for each in standing.moves.segments if each.net < 0)
    growing = next(each for each in standing.moves.segments if each.net > 0)
    arrows = tuple(
        Arrow(before=key, after=None, customers=9, expected=2.0, low=0, high=4, chance=0.001, exceeds=True)
        for key in (losing.key, growing.key)
    )
    seen = looked(standing, standing.lines, company.store, now=NOW)
    found = attention(replace(seen, expected=Expectation(periods=3, period_days=30.0, arrows=arrows)))
    [item] = [item for item in found if item.kind is AttentionKind.SHRINKING]
    assert (item.segment, item.goes_to) == (losing.key, Destination.MOVES)
    assert item.text.params["count"] == -losing.net


def test_it_is_said_where_rules_or_days_are_not_what_one_expects(company: Workspace) -> None:
    standing = _standing(company)
    assert standing.moves
    assert (company.overview(now=NOW).notes, company.overview(now=NOW).move_notes) == ((), ())
    changed = replace(standing.moves, start=replace(standing.moves.start, logic="other"))
    late = Issue(
        severity=Severity.NOTE,
        text=text("runs.as-of-after-latest", latest=END, as_of=END, count=40),
        place="as_of",
    )
    run = replace(standing.run, manifest=replace(standing.run.manifest, issues=(late,)))
    found = overviewing.overview(replace(standing, moves=changed, run=run), company.store, now=NOW)
    notes = (*found.notes, *found.move_notes)
    assert [note.key for note in notes] == ["views.note-as-of", "views.note-other-rules"]
    assert (len(found.notes), len(found.move_notes)) == (1, 1)
    assert all("{" not in note.render(language) for note in notes for language in LANGUAGES)


def test_a_segment_without_owner_or_playbook_is_named(company: Workspace) -> None:
    standing = _standing(company)
    lines = [
        replace(line, owner=None, playbook=None) if line.row.key == "let-down" else line for line in standing.lines
    ]
    found = attention(looked(standing, lines, company.store, now=NOW))
    for kind in (AttentionKind.NO_OWNER, AttentionKind.NO_PLAYBOOK):
        [item] = [item for item in found if item.kind is kind]
        assert item.segment == "let-down"


def _standing(company: Workspace) -> Standing:
    return company._pages.standing
