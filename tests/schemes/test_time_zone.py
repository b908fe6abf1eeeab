"""A day that a rule writes begins where the workspace is."""

from dataclasses import replace
from datetime import datetime

import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.types import ValueType
from carpel.schemes import Cuts, assign, fit_cuts, place, read_scheme
from tests.schemes.company import attribute, catalogue, profiles

MEETINGS = catalogue(attribute("next_contact_at", ValueType.INSTANT))
SCHEME = read_scheme(
    "scheme: s\nsegments:\n- {key: later, when: next_contact_at >= '2025-07-02'}\n- {key: others, otherwise: true}",
    "s.yaml",
)
BEFORE_MIDNIGHT_IN_MANILA = datetime(2025, 7, 1, 15, 59)  # noqa: DTZ001  # as stored: UTC without a zone
AT_MIDNIGHT_IN_MANILA = datetime(2025, 7, 1, 16)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("time_zone", "segments"), [("Asia/Manila", ["others", "later"]), ("UTC", ["others", "others"])]
)
def test_both_interpreters_begin_a_day_at_the_workspaces_midnight(engine, tmp_path, time_zone, segments):
    rows = [{"next_contact_at": BEFORE_MIDNIGHT_IN_MANILA}, {"next_contact_at": AT_MIDNIGHT_IN_MANILA}]
    held = replace(profiles(rows, tmp_path, MEETINGS), as_of=AsOf.parse("2025-07-01", time_zone))
    cuts = Cuts.from_json(fit_cuts(SCHEME, held, engine).to_json())
    assigned = engine.read(assign(SCHEME, held, cuts), held.bindings).sort_by("customer_no").to_pylist()
    assert [row["segment"] for row in assigned] == segments
    assert [place(SCHEME, cuts, row).segment for row in rows] == segments
