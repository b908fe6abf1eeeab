"""Which customers are alike: found where planted, left alone where there is nothing, and told as rules that agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import adjusted_rand_score  # type: ignore[import-untyped]

from carpel.kernel.engine import Engine
from carpel.kernel.texts import LANGUAGES
from carpel.kernel.types import ValueType
from carpel.models import MODELS, Customers, Ground
from carpel.models.clusters.choosing import chosen
from carpel.models.clusters.dividing import labels
from carpel.models.clusters.patterns import LearnedPatterns
from carpel.models.clusters.ruling import ruled
from carpel.models.clusters.scaling import Space
from carpel.models.clusters.stability import Stability
from carpel.models.clusters.traits import measured, traits_of
from carpel.models.frames.moments import NUMBER, known_as_of
from carpel.profiles import Attribute, Family
from carpel.schemes import check, read_scheme
from tests.models.company import company, ground

KEYS = {"often": ValueType.NUMBER, "spend": ValueType.MONEY, "kind": ValueType.CATEGORY, "likes": ValueType.SET}


def attribute(key: str) -> Attribute:
    named: Any = MODELS["clusters"].asks
    return Attribute(key=key, family=Family.BEHAVIOURAL, type=KEYS[key], label=named, description=named)


def three_kinds(rows: int, seed: int) -> tuple[pa.Table, np.ndarray]:
    """Three planted kinds of customers, in an order that says nothing."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, rows)
    often = np.array([2.0, 12.0, 6.0])[truth] + random.normal(0, 1, rows)
    spend = np.array([8.0, 8.5, 11.0])[truth] + random.normal(0, 0.4, rows)
    kind = np.where(random.random(rows) < 0.9, np.array(["shop", "school", "hotel"])[truth], "other")
    likes = [["tea"] if each == 1 and random.random() < 0.9 else ["rice"] for each in truth]
    columns = {"often": often, "spend": np.exp(spend).astype(np.int64), "kind": kind, "likes": likes}
    return pa.table(columns), truth


def noise(rows: int, seed: int) -> pa.Table:
    """One cloud: nothing goes with anything."""
    random = np.random.default_rng(seed)
    return pa.table(
        {
            "often": random.normal(6, 2, rows),
            "spend": np.exp(random.normal(9, 0.6, rows)).astype(np.int64),
            "kind": random.choice(["shop", "school", "hotel"], rows),
            "likes": [[each] for each in random.choice(["tea", "rice"], rows)],
        }
    )


def compared(table: pa.Table) -> tuple[Space, np.ndarray]:
    traits = traits_of(table, [attribute(key) for key in KEYS])
    values = measured(table, traits)
    return Space.of(traits, values), values


def test_three_planted_kinds_are_found_and_no_more() -> None:
    table, truth = three_kinds(600, 5)
    space, values = compared(table)
    points = space.points(values)
    choice = chosen(space, points, range(len(space.traits)))
    assert choice.trial is not None
    assert choice.trial.clusters == 3
    assert choice.trial.division is not None
    assert adjusted_rand_score(truth, labels(choice.trial.division, points)) > 0.9
    assert min(choice.stability) >= 0.75


@pytest.mark.parametrize("seed", range(4))
def test_where_there_are_no_kinds_nobody_is_divided(seed: int) -> None:
    space, values = compared(noise(500, seed))
    choice = chosen(space, space.points(values), range(len(space.traits)))
    assert choice.trial is None
    assert choice.refused


def test_rules_say_who_is_in_and_agree_as_often_as_they_claim_on_others() -> None:
    table, truth = three_kinds(900, 6)
    traits = traits_of(table, [attribute(key) for key in KEYS])
    rules = ruled(traits, measured(table, traits), truth, 3, digits=2)
    assert all(rules.by_cluster)
    assert rules.agreement > 0.9
    other, expected = three_kinds(900, 7)
    rows = other.to_pylist()
    right = 0
    for row, cluster in zip(rows, expected, strict=True):
        names = {"often": row["often"], "spend": row["spend"] / 100, "kind": row["kind"], "likes": row["likes"]}
        passing = [place for place, rule in enumerate(rules.by_cluster) if holds(str(rule), names)]
        assert len(passing) == 1, "rules leave nobody out and place nobody twice"
        right += passing[0] == cluster
    assert right / len(rows) == pytest.approx(rules.agreement, abs=0.05)


def holds(rule: str, names: dict[str, Any]) -> bool:
    """The rule as Python reads it, of a customer of whom everything is known."""
    plain = rule.replace(" is not null", " is not None").replace(" is null", " is None").replace(" = ", " == ")
    return bool(eval(plain, {}, names))  # noqa: S307 (our own rule)


def test_a_cluster_is_called_stable_by_the_published_thresholds() -> None:
    """Hennig: 0.85 and more highly stable, 0.75 valid, 0.6 doubtful, 0.5 and less dissolved."""
    found = [Stability.of(each) for each in (0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.55, 0.5, 0.2)]
    assert [each.value for each in found] == [
        "high", "high", "valid", "valid", "doubtful", "doubtful", "distrusted", "dissolved", "dissolved",
    ]  # fmt: skip


def test_kinds_of_a_company_have_names_portraits_and_rules_that_a_scheme_takes(tmp_path: Path, engine: Engine) -> None:
    on: Ground = ground(tmp_path, engine, company())
    learned = MODELS["clusters"].learn(on)
    assert isinstance(learned, LearnedPatterns)
    assert learned.portraits
    assert [each.customers for each in learned.portraits] == sorted(
        (each.customers for each in learned.portraits), reverse=True
    )
    lines = ["scheme: found", "label: {en: Found}", "base: frequency > 0", "segments:"]
    for portrait in learned.portraits:
        assert len(portrait.sentences) == 3
        assert all(each.render(language) for each in portrait.sentences for language in LANGUAGES)
        if portrait.rule:
            lines.append(f'  - {{key: {portrait.key}, label: {{en: {portrait.key}}}, when: "{portrait.rule}"}}')
    lines.append("  - {key: rest, label: {en: Rest}, otherwise: true}")
    scheme = read_scheme("\n".join(lines) + "\n", "found")
    assert not [each for each in check(scheme, on.catalogue) if each.severity == "error"]
    keys = [*sorted(learned.needs), "customer_id"]
    profiles = known_as_of(on.facts, on.catalogue, on.as_of, on.engine, keys=keys, buckets=(0,)).sort_by(NUMBER)
    said = learned.answers(Customers(profiles=profiles, buckets=(0,), ground=on))
    assert set(said["cluster"].to_pylist()) - {None} <= {each.key for each in learned.portraits}
