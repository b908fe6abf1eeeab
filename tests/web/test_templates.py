"""Every sentence that a page says is in the catalogue, and the catalogue holds nothing that nobody says."""

from __future__ import annotations

import re
from pathlib import Path

import carpel.web
from tests.kernel.test_texts import messages

FOLDER = Path(carpel.web.__file__).parent
IN_TEMPLATES = re.compile(r"(?:say\(| else )'([a-z]+\.[A-Za-z0-9_.-]*|[a-z]+\.)'(\s*~)?")
IN_CODE = re.compile(r"""(?:say\(|_words\([^,]+, |[tT]ext\(|NotThere\()(f?)"(?:web\.)?([a-z][A-Za-z0-9_.-]*)""")


def said() -> set[tuple[str, bool]]:
    """Keys that pages say, and whether a key is whole there or its beginning."""
    templates = _joined("templates/**/*.html")
    found = {(f"web.{key}", not goes_on) for key, goes_on in IN_TEMPLATES.findall(templates)}
    return found | {(f"web.{key}", not goes_on) for goes_on, key in IN_CODE.findall(_joined("**/*.py"))}


def test_every_sentence_of_a_template_is_in_the_catalogue() -> None:
    known = messages("en", "web")
    for key, goes_on in IN_TEMPLATES.findall(_joined("templates/**/*.html")):
        wanted = f"web.{key}"
        assert any(each.startswith(wanted) for each in known) if goes_on else wanted in known, key


def test_nothing_in_the_catalogue_is_left_over() -> None:
    whole = {key for key, is_whole in said() if is_whole}
    beginnings = tuple(key for key, is_whole in said() if not is_whole)
    assert not [key for key in messages("en", "web") if key not in whole and not key.startswith(beginnings)]


def _joined(pattern: str) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob(pattern)))
