"""What reading says, it says in every language."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import carpel
from carpel.kernel.texts import LANGUAGES

PACKAGE = Path(carpel.__file__).parent


def sentences(language: str) -> dict[str, set[str]]:
    """The keys of a language's catalogue, with the placeholders of their sentences."""
    path = PACKAGE / "kernel" / "locale" / language / "reading.po"
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id]
    found = {}
    for entry in entries:
        key = entry.id if isinstance(entry.id, str) else entry.id[0]
        forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or [""])
        assert all(forms), key
        found[key] = set(re.findall(r"{(\w+)}", " ".join(forms)))
    return found


def test_every_key_in_the_code_has_a_sentence() -> None:
    sources = "".join(path.read_text() for path in (PACKAGE / "sources" / "reading").glob("*.py"))
    keys = set(re.findall(r'"(reading\.[a-z-]+[a-z])"', sources))
    assert keys <= set(sentences("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language: str) -> None:
    assert sentences(language) == sentences("en")
