"""What `carpel serve --help` says."""

from __future__ import annotations

import pytest

from carpel.api.settings import KEYS, PREFIX
from carpel.kernel.texts import LANGUAGES
from tests.cli.conftest import Run


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_of_serve_names_every_setting(carpel: Run, language: str) -> None:
    shown = "".join(carpel("serve", "--help", "--lang", language).out.split())
    assert [key for key in KEYS if f"{PREFIX}{key.upper()}" not in shown] == []


def test_the_help_of_serve_speaks_of_pages(carpel: Run) -> None:
    assert "as pages for a browser and as JSON" in " ".join(carpel("serve", "--help").out.split())
