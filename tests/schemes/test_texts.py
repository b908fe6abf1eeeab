"""Every sentence of this stage exists in every language, with the same placeholders."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from carpel.kernel.texts import LANGUAGES

SOURCE = Path(str(files("carpel.schemes")))
USED = {
    key
    for path in SOURCE.rglob("*.py")
    for key in re.findall(r'"(schemes\.[a-z][a-z-]*[a-z])"', path.read_text(encoding="utf-8"))
} | {
    *("schemes.thresholds-not-ascending", "schemes.thresholds-not-descending"),
    *("schemes.shown-days", "schemes.shown-months", "schemes.shown-years"),
}


def messages(language: str) -> Catalog:
    path = files("carpel.kernel") / "locale" / language / "schemes.po"
    with path.open("rb") as opened:
        return read_po(opened)


def placeholders(language: str) -> dict[str, set[str]]:
    found = {}
    for message in messages(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
            found[key] = {name for form in forms for name in re.findall(r"{(\w+)}", form)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_exists_with_the_same_placeholders(language):
    assert set(placeholders(language)) == USED
    assert placeholders(language) == placeholders("en")
