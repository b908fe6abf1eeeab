"""Codes are told as what people call them."""

from zoneinfo import ZoneInfo

import pytest

from carpel.web.reader import Reader


@pytest.mark.parametrize(
    ("language", "country", "spoken"),
    [
        ("en", "Philippines", "English"),
        ("zh-Hans", "菲律宾", "英语"),
        ("zh-Hant", "菲律賓", "英文"),
        ("fil", "Pilipinas", "Ingles"),
    ],
)
def test_countries_and_languages_are_told_by_name(language: str, country: str, spoken: str) -> None:
    reader = Reader(language=language, theme="automatic", zone=ZoneInfo("UTC"))
    assert reader.places(["Cebu", "PH"]) == ["Cebu", country]
    assert reader.language_name("en") == spoken
    assert reader.language_name("xx-none") == "xx-none"
