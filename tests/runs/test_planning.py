"""A plan says what publishing and the next run then do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from carpel.governance import ChangeKind
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import (
    Plan,
    Run,
    RunStore,
    SchemeRefused,
    Settings,
    open_run,
    plan,
    publish,
    read_settings,
    run,
)
from carpel.runs.planning.plans import responsible
from carpel.schemes import read_scheme
from carpel.store import open_store
from tests.runs.workspaces import NOW, SCHEME, make, publish_file, tiny, with_engine

Moves = Counter[tuple[str | None, str | None]]


def segments(made: Run) -> dict[str, str | None]:
    rows: list[dict[str, Any]] = [row for file in made.assignments.files for row in pq.read_table(file).to_pylist()]
    return {row["customer_id"]: row["segment"] for row in rows}


def moves_between(before: Run, after: Run) -> Moves:
    old, new = segments(before), segments(after)
    return Counter((old[each], new[each]) for each in old if old[each] != new[each])


def moves_of(planned: Plan) -> Moves:
    return Counter({(each.before, each.after): each.customers for each in planned.moves})


def write(workspace: Settings, text: str) -> None:
    (workspace.folder / "schemes" / "customers.yaml").write_text(text, encoding="utf-8")


rules = st.sampled_from(["recency_days", "frequency", "tenure_days", "order_mean", "monetary_value"]).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from([">", "<="]), st.sampled_from([1, 3, 20, 60, 150, 900]))
)


@st.composite
def drafts(draw: st.DrawFn) -> str:
    """Schemes that share keys with the published one and with each other, so that customers stay as well as move."""
    keys = draw(st.lists(st.sampled_from(["best", "buyers", "new", "late"]), max_size=3, unique=True))
    lines = ["scheme: customers"]
    if draw(st.booleans()):
        lines.append("base: kind <> 'business'")
    lines += ["partitions:", "  value:", "    tiers: monetary_value"]
    top = draw(st.integers(5, 45))
    lines += [f"    shares: {{top: {top}%, small: {100 - top}%}}", "segments:"]
    for key in keys:
        name, sign, bound = draw(rules)
        tier = draw(st.sampled_from(["", " and value = 'top'"]))
        lines.append(f"  - {{key: {key}, when: {name} {sign} {bound}{tier}, owner: {key}-owner}}")
    return "\n".join([*lines, "  - {key: everyone-else, otherwise: true}", ""])


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, RunStore, Engine]]:
    """A workspace in which one draft after the other is published."""
    workspace = tiny(tmp_path_factory.mktemp("planned") / "tiny")
    store, engine = open_store("sqlite", workspace.folder), with_engine()
    run(workspace, engine, store, now=NOW)
    yield workspace, store, engine
    engine.close()
    store.close()


@examples(max_examples=8, deadline=None)
@given(draft=drafts())
def test_the_moves_of_a_plan_are_those_that_publishing_and_a_run_make(
    company: tuple[Settings, RunStore, Engine], draft: str
) -> None:
    workspace, store, engine = company
    before = store.current()
    assert before is not None
    old = open_run(workspace, before.id)
    write(workspace, draft)
    planned = plan(workspace, engine, store, now=NOW)
    publish(workspace, engine, store, by="ana")
    new = run(workspace, engine, store, now=NOW)
    assert moves_of(planned) == moves_between(old, new)
    assert planned.staying == 60 - planned.moving
    sizes = {
        each.key: (each.customers_after, each.revenue_after) for each in planned.sizes if each.key in new_leaves(new)
    }
    assert sizes == {each.key: (each.customers, each.revenue) for each in new.manifest.segments}
    before_sizes = {each.key: each.customers_before for each in planned.sizes}
    assert all(before_sizes[each.key] == each.customers for each in old.manifest.segments)


def new_leaves(made: Run) -> set[str]:
    return {leaf.key for leaf in made.scheme.leaves}


@pytest.mark.parametrize("days", [0, 1])
def test_a_plan_honours_holds_as_the_next_run_does(
    settings: Settings, store: RunStore, engine: Engine, days: int
) -> None:
    held = SCHEME.replace("base:", "hold: 30 days\nbase:")
    write(settings, held)
    first, then = make(settings, store), NOW + timedelta(days=days)
    write(settings, held.replace("frequency > 0", "frequency > 4"))
    found = plan(settings, engine, store, now=then)
    publish_file(settings, store)
    assert moves_of(found) == moves_between(first, make(settings, store, now=then))
    # A second run of the same day corrects the first; those of other days find everybody held.
    assert bool(found.moves) == (days == 0)


def test_a_plan_changes_nothing(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    write(settings, SCHEME.replace("frequency > 0", "frequency > 3"))
    before = tree(settings.folder), store.schemes.versions("customers"), store.states()
    found = plan(settings, engine, store, now=NOW)
    assert found.moves
    assert (tree(settings.folder), store.schemes.versions("customers"), store.states()) == before
    assert found.run == made.id


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by its content, the database's own and locks aside."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("store.sqlite") and path.suffix != ".lock"
    }


def test_attributes_that_profiles_lack_are_computed_for_the_plan(
    settings: Settings, store: RunStore, engine: Engine
) -> None:
    old = make(settings, store)
    assert "order_mean" not in old.catalogue.available
    write(settings, SCHEME.replace("frequency > 0", "order_mean > 300"))
    found = plan(settings, engine, store, now=NOW)
    publish_file(settings, store)
    assert moves_of(found) == moves_between(old, make(settings, store))


def test_owners_and_playbooks_are_touched_though_nobody_moves(
    settings: Settings, store: RunStore, engine: Engine
) -> None:
    write(settings, SCHEME.replace("  - key: buyers\n", "  - key: buyers\n    owner: ana\n    playbook: call\n"))
    made = make(settings, store)
    write(settings, SCHEME.replace("  - key: buyers\n", "  - key: buyers\n    owner: ben\n    playbook: call\n"))
    found = plan(settings, engine, store, now=NOW)
    size = next(each for each in made.manifest.segments if each.key == "buyers")
    assert not found.moves
    assert not found.difference.logic
    assert [each.kind for each in found.difference.changes] == [ChangeKind.SEGMENT_OWNER]
    touched = {(each.kind, each.name): (each.gains, each.loses, each.revenue) for each in found.touched}
    assert touched == {
        ("owner", "ana"): (0, size.customers, -(size.revenue or 0)),
        ("owner", "ben"): (size.customers, 0, size.revenue),
    }


def test_parts_are_served_by_those_above_them() -> None:
    scheme = read_scheme(SCHEME.replace("  - key: best\n", "  - key: best\n    owner: ana\n"), "s")
    assert responsible(scheme, "best-steady", "owner") == "ana"
    assert responsible(scheme, "buyers", "owner") is None
    assert responsible(scheme, None, "owner") is None


def test_budgets_of_months_to_come_that_name_a_changing_segment_are_touched(tmp_path: Path, engine: Engine) -> None:
    workspace = tiny(tmp_path / "tiny")
    (workspace.folder / "data" / "budgets.csv").write_text(
        "No,Month,Amount,Segment\n1,2025-06-01,100.00,buyers\n2,2025-07-01,200.00,buyers\n"
        "3,2025-08-01,50.50,buyers\n4,2025-08-01,70.00,best\n5,2025-08-01,10.00,unheard-of\n",
        encoding="utf-8",
    )
    file = workspace.folder / "carpel.yaml"
    source = "  plans:\n    files: data/budgets.csv\n    tables:\n"
    mapping = "      budgets: {budget_id: No, month: Month, amount: Amount, segment: Segment}\n"
    file.write_text(file.read_text(encoding="utf-8") + source + mapping, encoding="utf-8")
    workspace = read_settings(workspace.folder)
    store = open_store("sqlite", workspace.folder)
    make(workspace, store)
    write(workspace, SCHEME.replace("  - key: buyers\n    when: frequency > 0\n", ""))
    found = plan(workspace, engine, store, now=NOW)
    store.close()
    assert [(each.segment, each.amount, each.goes) for each in found.budgets] == [("buyers", 25_050, True)]
    assert found.budgets[0].loses == found.moving > 0


def test_a_draft_with_errors_has_no_plan(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    write(settings, SCHEME.replace("frequency > 0", "frequncy > 0"))
    with pytest.raises(SchemeRefused):
        plan(settings, engine, store, now=NOW)
    assert made.is_sound


def test_without_a_run_there_is_no_plan(settings: Settings, store: RunStore, engine: Engine) -> None:
    with pytest.raises(CarpelError) as refused:
        plan(settings, engine, store, now=NOW)
    assert refused.value.text.key == "runs.no-current"
