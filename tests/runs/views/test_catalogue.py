"""The catalogue's pages say what the profiles and the scheme say."""

from __future__ import annotations

import pytest

from carpel.runs.views.attributes import UseKind
from carpel.runs.views.distributions import Shape
from carpel.runs.views.errors import NotThere
from carpel.workspace import Workspace
from tests.runs.views.conftest import Ask


def test_every_attribute_is_in_one_family(company: Workspace) -> None:
    groups = company.attribute_pages()
    keys = [page.attribute.key for group in groups for page in group.available]
    assert sorted(keys) == sorted(company.current.catalogue.available)
    lacking = [each.attribute.key for group in groups for each in group.unavailable]
    assert sorted(lacking) == sorted(company.current.catalogue.unavailable)


def test_coverage_and_bars_are_those_of_the_profiles(company: Workspace, ask: Ask) -> None:
    for group in company.attribute_pages():
        for page in group.available:
            key = page.attribute.key
            known = (
                f'len("{key}") > 0'
                if page.distribution and page.distribution.shape is Shape.SETS
                else f'"{key}" IS NOT NULL'
            )
            [(count, base)] = ask(
                f"SELECT count(*) FILTER ({known}), count(*) FILTER (segment IS NOT NULL) FROM placed"
            )
            assert page.known == count, key
            if page.distribution:
                assert page.distribution.customers == base
                assert page.distribution.bins or not page.distribution.known


def test_bars_of_numbers_hold_what_lies_between_their_bounds(company: Workspace, ask: Ask) -> None:
    for key in ("recency_days", "frequency", "monetary_value", "returns_share", "next_purchase_on", "age", "nps"):
        found = company.attribute(key).distribution
        assert found
        for bar in found.bins:
            low = f"\"{key}\" >= '{bar.low}'" if bar.low is not None else "true"
            high = f"\"{key}\" < '{bar.high}'" if bar.high is not None else "true"
            [(count,)] = ask(
                f'SELECT count(*) FROM placed WHERE segment IS NOT NULL AND "{key}" IS NOT NULL AND {low} AND {high}'
            )
            assert bar.customers == count, (key, bar)


def test_uses_are_the_places_that_name_it(company: Workspace) -> None:
    uses = {(use.kind, use.key): use.through for use in company.attribute("monetary_value").uses}
    assert uses[UseKind.PARTITION, "value"] is None
    assert uses[UseKind.SEGMENT, "key-accounts"] == "value"
    assert [use.kind for use in company.attribute("relationship").uses if use.key == "customers"] == [UseKind.BASE]
    assert company.attribute("city").uses == ()


def test_an_attribute_is_as_fresh_as_its_tables(company: Workspace, ask: Ask) -> None:
    [(latest,)] = ask("SELECT max(day) FROM feedback WHERE given_at < TIMESTAMP '2025-06-29 16:00'")
    assert company.attribute("nps").freshest == latest


def test_who_a_person_is_has_no_bars(company: Workspace) -> None:
    for key in ("name", "email", "phone", "customer_id"):
        assert company.attribute(key).distribution is None


def test_an_unknown_attribute_is_told_with_the_nearest(company: Workspace) -> None:
    with pytest.raises(NotThere, match="recency_days"):
        company.attribute("recency_day")
