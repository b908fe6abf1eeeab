"""Every sentence that a template says is in the catalogue, and the catalogue holds nothing that nobody says."""

from __future__ import annotations

import re
from pathlib import Path

import carpel.web
from tests.kernel.test_texts import messages

FOLDER = Path(carpel.web.__file__).parent
SAID = re.compile(r"say\('([a-z][a-z0-9.-]*?)'(\s*~)?")


def said() -> set[tuple[str, bool]]:
    """Keys in templates, and whether a key is whole there or its beginning."""
    templates = (FOLDER / "templates").rglob("*.html")
    found = (each for path in templates for each in SAID.findall(path.read_text(encoding="utf-8")))
    return {(f"web.{key}", not joined) for key, joined in found}


def test_every_sentence_of_a_template_is_in_the_catalogue() -> None:
    known = messages("en", "web")
    for key, whole in said():
        assert key in known if whole else any(each.startswith(key) for each in known), key


def test_nothing_in_the_catalogue_is_left_over() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    beginnings = ("web.first.", "web.problem.", *(key for key, whole in said() if not whole))
    whole = {key for key, whole in said() if whole}
    left_over = [
        key for key in messages("en", "web") if key not in whole and not key.startswith(beginnings) and key not in code
    ]
    assert not left_over
