"""Codes that sources write are said by their names."""

from __future__ import annotations

import pytest

from carpel.kernel.texts import Text
from carpel.profiles.codes import name_of_code


def _said(key: str, code: str, language: str) -> str | None:
    name = name_of_code(key, code)
    return name.render(language) if name else None


@pytest.mark.parametrize(
    ("key", "code", "language", "name"),
    [
        ("country", "PH", "en", "Philippines"),
        ("country", "PH", "zh-Hans", "菲律宾"),
        ("country", "PH", "zh-Hant", "菲律賓"),
        ("language", "zh-Hant", "en", "Traditional Chinese"),
        ("language", "fil", "en", "Filipino"),
        ("gender", "F", "zh-Hans", "女"),
        ("gender", "male", "fil", "lalaki"),
    ],
)
def test_a_code_is_said_by_its_name_in_each_language(key, code, language, name):
    """Countries, languages and the letters of genders."""
    assert _said(key, code, language) == name


@pytest.mark.parametrize(
    ("key", "code"),
    [("country", "United Kingdom"), ("country", "419"), ("language", "Tagalog"), ("gender", "X"), ("city", "PH")],
)
def test_what_is_no_code_stays_as_it_is_written(key, code):
    """Names written out, and columns that hold no codes."""
    assert not isinstance(name_of_code(key, code), Text)
    assert _said(key, code, "en") is None
