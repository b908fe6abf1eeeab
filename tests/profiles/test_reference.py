from __future__ import annotations

from pathlib import Path

import pytest

from carpel.kernel.texts import LANGUAGES, text
from carpel.kernel.types import ValueType
from carpel.profiles import Family, Unit
from carpel.profiles.declared import BUILT_IN
from carpel.profiles.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "attributes.md"

SHOWN = {key: each for key, each in BUILT_IN.items() if not key.startswith("__")}


def test_the_reference_page_is_what_the_catalogue_writes() -> None:
    """After a change: python -c "from carpel.profiles import reference; print(reference(), end='')"."""
    assert PAGE.read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_attribute_and_value_has_words_in_every_language(language: str) -> None:
    keys = [f"profiles.{key}.{part}" for key in SHOWN for part in ("label", "description")]
    keys += [f"profiles.value.{key}.{value}" for key, each in SHOWN.items() for value in each.values]
    keys += [f"profiles.type.{each}" for each in ValueType]
    assert [key for key in keys if text(key).render(language) in ("", key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_and_unit_has_a_word(language: str) -> None:
    assert [each for each in (*Family, *Unit) if each.label.render(language) in ("", each.label.key)] == []


def test_every_family_but_models_has_attributes() -> None:
    assert {each.family for each in SHOWN.values()} == set(Family) - {Family.MODEL}


def test_what_the_company_cannot_change_is_never_called_changeable() -> None:
    fixed = {"age", "gender", "country", "tenure_days", "first_purchase_on", "spend_365d_before"}
    assert not any(SHOWN[key].changeable for key in fixed)
