"""Enormous schemes either work or are refused clearly."""

from typing import Any

import pytest

from carpel.kernel.errors import CarpelError
from carpel.schemes import assign, check, fit_cuts, place, read_scheme
from carpel.schemes.reading_segments import MAX_SEGMENTS
from tests.schemes.company import COMPANY, profiles


def test_a_scheme_of_the_most_segments_places_everyone(tmp_path, engine):
    ruled = "\n".join(f"- {{key: s{number}, when: recency_days = {number}}}" for number in range(MAX_SEGMENTS - 1))
    scheme = read_scheme(f"scheme: s\nsegments:\n{ruled}\n- {{key: rest, otherwise: true}}", "s.yaml")
    rows: list[dict[str, Any]] = [{"recency_days": 0}, {"recency_days": MAX_SEGMENTS - 2}, {"recency_days": None}]
    held = profiles(rows, tmp_path)
    cuts = fit_cuts(scheme, held, engine)
    table = engine.read(assign(scheme, held, cuts), held.bindings).sort_by("customer_no")
    assert table["segment"].to_pylist() == ["s0", f"s{MAX_SEGMENTS - 2}", "rest"]
    assert [place(scheme, cuts, row).segment for row in rows] == table["segment"].to_pylist()


def test_a_scheme_refined_as_deep_as_yaml_may_be_places_everyone(tmp_path, engine):
    text = "[{key: deepest, when: frequency > 0}, {key: rest, otherwise: true}]"
    for number in range(25):
        refined = f"{{key: k{number}, when: recency_days > {24 - number}, segments: {text}}}"
        text = f"[{refined}, {{key: o{number}, otherwise: true}}]"
    scheme = read_scheme(f"scheme: s\nsegments: {text}", "s.yaml")
    rows: list[dict[str, Any]] = [
        {"recency_days": 99, "frequency": 1},
        {"recency_days": 10, "frequency": 1},
        {"recency_days": None, "frequency": 1},
    ]
    held = profiles(rows, tmp_path)
    cuts = fit_cuts(scheme, held, engine)
    table = engine.read(assign(scheme, held, cuts), held.bindings).sort_by("customer_no")
    assert table["segment"].to_pylist() == ["deepest", "o14", "o24"]
    assert [place(scheme, cuts, row).segment for row in rows] == table["segment"].to_pylist()


@pytest.mark.parametrize(
    "rule", ["(" * 5_000 + "consent" + ")" * 5_000, "consent; drop table profiles", "read_csv('/etc/passwd') = 'x'"]
)
def test_a_rule_that_is_no_rule_is_an_error_at_its_place(rule):
    scheme = read_scheme(f'scheme: s\nsegments:\n- key: a\n  when: "{rule}"\n- {{key: b, otherwise: true}}', "s.yaml")
    issues = [issue for issue in check(scheme, COMPANY) if issue.severity == "error"]
    assert len(issues) == 1
    assert issues[0].place.startswith("s.yaml:4:")


def test_a_rule_that_cannot_be_read_stops_the_run_with_its_place(tmp_path, engine):
    scheme = read_scheme("scheme: s\nsegments:\n- {key: a, when: consnt}\n- {key: b, otherwise: true}", "s.yaml")
    with pytest.raises(CarpelError) as caught:
        fit_cuts(scheme, profiles([], tmp_path), engine)
    assert (caught.value.place or "").startswith("s.yaml:3:")
