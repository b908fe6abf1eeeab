"""What models say stands on the pages of a segment and of a customer, equal to what profiles hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from carpel.kernel.errors import CarpelError
from carpel.runs import read_settings
from carpel.store import open_store
from carpel.workspace import Workspace
from carpel.workspace import open as open_workspace
from tests.runs.test_modelling import BY_VALUE, WITH_VALUE
from tests.runs.workspaces import make, tiny

WHOLE = "".join(line for line in WITH_VALUE.splitlines(keepends=True) if not line.startswith("profile:"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A company that asks what its customers are worth, twice: as of two days."""
    folder = tmp_path_factory.mktemp("outlook") / "tiny"
    tiny(folder)
    (folder / "carpel.yaml").write_text(WHOLE, encoding="utf-8")
    (folder / "schemes" / "customers.yaml").write_text(BY_VALUE, encoding="utf-8")
    settings = read_settings(folder)
    store = open_store("sqlite", folder)
    make(settings, store)
    store.close()
    with open_workspace(folder) as opened:
        yield opened


def profiles_sql(workspace: Workspace, question: str) -> list[tuple[object, ...]]:
    run = workspace.current
    names = {"profiles": "profiles", "assignments": "assignments"}
    places = {name: str(run.folder / folder / "*.parquet") for name, folder in names.items()}
    return duckdb.sql(question.format(**places)).fetchall()


def test_a_segment_tells_the_sum_and_the_mean_of_what_its_customers_are_foretold(workspace: Workspace) -> None:
    rows = profiles_sql(
        workspace,
        "select segment, sum(clv_12m), count(clv_12m), avg(alive_probability) from read_parquet('{profiles}') "
        "join read_parquet('{assignments}') using (customer_no) where segment is not null group by 1",
    )
    assert rows
    for segment, total, customers, alive in rows:
        found = {each.attribute.key: each for each in workspace.segment(str(segment)).forecasts}
        if not customers:
            assert "clv_12m" not in found
            continue
        value = found["clv_12m"].total
        assert value is not None
        assert (value.minor, found["clv_12m"].customers) == (total, customers)
        assert ("alive_probability" in found) is (alive is not None)
        if alive is not None:
            said = found["alive_probability"].mean.params["value"]
            assert getattr(said, "share", None) == pytest.approx(alive)


def test_the_overview_tells_what_everybody_in_a_segment_will_bring(workspace: Workspace) -> None:
    question = (
        "select sum(clv_12m) from read_parquet('{profiles}') join read_parquet('{assignments}') using (customer_no) "
        "where segment is not null"
    )
    predicted = workspace.overview().predicted
    assert predicted is not None
    assert predicted.value == profiles_sql(workspace, question)[0][0]


def test_a_customer_is_told_what_their_profile_holds_and_why_alone_or_among_others(workspace: Workspace) -> None:
    question = "select customer_id, expected_orders_90d from read_parquet('{profiles}') order by customer_id desc"
    asked = profiles_sql(workspace, question)
    together = workspace.outlooks([str(customer) for customer, _ in asked])
    for (customer, orders), outlooks in zip(asked, together, strict=True):
        assert workspace.outlook(str(customer)) == outlooks
        answers = {each.attribute.key: each for outlook in outlooks for each in outlook.answers}
        assert ("expected_orders_90d" in answers) is (orders is not None)
        if orders is not None:
            assert answers["expected_orders_90d"].shown.params["value"] == pytest.approx(orders, abs=0.005)
            assert [each.said.key for each in outlooks[0].reasons]


def test_reasons_are_told_where_the_run_keeps_few_attributes(tmp_path: Path) -> None:
    settings = tiny(tmp_path / "tiny")
    (settings.folder / "carpel.yaml").write_text(WITH_VALUE, encoding="utf-8")
    (settings.folder / "schemes" / "customers.yaml").write_text(BY_VALUE, encoding="utf-8")
    store = open_store("sqlite", settings.folder)
    make(read_settings(settings.folder), store)
    store.close()
    with open_workspace(settings.folder) as opened:
        bought = profiles_sql(opened, "select customer_id from read_parquet('{profiles}') where frequency > 0 limit 1")
        (told,) = opened.outlook(str(bought[0][0]))
        assert told.model == "value"
        assert told.reasons


def test_groups_that_a_model_found_become_a_scheme_that_can_be_run(tmp_path: Path) -> None:
    settings = tiny(tmp_path / "tiny")
    whole = WHOLE.replace("models: [value]", "models: [value, clusters]")
    (settings.folder / "carpel.yaml").write_text(whole, encoding="utf-8")
    store = open_store("sqlite", settings.folder)
    make(read_settings(settings.folder), store)
    store.close()
    with open_workspace(settings.folder) as opened:
        compared = {each.model.key: each for each in opened.models.compare()}
        assert set(compared) == {"value", "clusters"}
        assert compared["value"].before is None
        with pytest.raises(CarpelError, match="clusters"):
            opened.schemes.adopt("clusters", "found")
        with pytest.raises(CarpelError):
            opened.schemes.adopt("value", "found")


def test_an_attribute_of_two_values_is_told_by_the_others_with_a_warning(workspace: Workspace) -> None:
    with pytest.raises(CarpelError, match="recency"):
        workspace.models.fit_outcome("recency_dayz")
