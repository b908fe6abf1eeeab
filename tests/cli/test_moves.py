"""Moves and memberships on the command line, of the example shop."""

import json

import pytest

from carpel.workspace import open as open_workspace


@pytest.fixture
def moved(carpel, shop):
    """The shop with a run as of an earlier day, then one as of a later."""
    assert carpel("-w", shop, "run", "--as-of", "2024-12-01").code == 0
    assert carpel("-w", shop, "run", "--as-of", "2025-03-01").code == 0
    return shop


def test_moves_are_shown_and_add_up(carpel, moved):
    done = carpel("-w", moved, "scheme", "moves")
    assert done.code == 0, done.err
    assert "▶" in done.out
    found = json.loads(carpel("-w", moved, "scheme", "moves", "--json").out)
    assert (found["from"]["day"], found["to"]["day"]) == ("2024-12-01", "2025-03-01")
    sizes = {
        each["key"]: each["customers"] for each in json.loads(carpel("-w", moved, "segments", "--json").out)["segments"]
    }
    for each in found["segments"]:
        assert each["after"] == sizes[each["key"]]
        assert each["after"] == each["before"] + each["came"] + each["entered"] - each["left"] - each["exited"]


def test_a_date_without_a_run_is_replayed_and_said(carpel, moved):
    done = carpel("-w", moved, "scheme", "moves", "--from", "2024-09-01")
    assert done.code == 0, done.err
    assert "it was replayed" in done.out
    assert carpel("-w", moved, "scheme", "moves", "--from", "2025-03-01").code == 1


def test_memberships_of_a_customer(carpel, moved):
    with open_workspace(moved) as workspace:
        who = workspace.assignments.to_pandas().dropna(subset=["segment"]).customer_id[0]
        stays = workspace.customer(who).memberships()
        assert stays == workspace.memberships(who)
        assert stays[-1].segment == workspace.customer(who).segment
        assert set(workspace.moves().to_pandas().columns) == {"before", "after", "customers", "revenue"}
    found = json.loads(carpel("-w", moved, "scheme", "membership", who, "--json").out)
    assert [each["segment"] for each in found] == [each.segment for each in stays]
    assert "still there" in carpel("-w", moved, "scheme", "membership", who).out
    assert carpel("-w", moved, "scheme", "membership", "nobody").code == 1
