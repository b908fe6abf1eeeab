"""The reference names everything that there is, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from carpel.cli.app import COMMANDS, carpel
from carpel.kernel.language.calls import AGGREGATES, FUNCTIONS
from carpel.runs.settings import KEYS
from carpel.schemes.reading import _SCHEME, _SEGMENT
from tests.documents.test_documents import DOCUMENTS, ROOT

REFERENCE = ROOT / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def test_every_setting_is_explained_and_no_other() -> None:
    table = page("carpel-yaml.md").split("## Sources")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(KEYS)


def test_every_command_and_option_is_explained() -> None:
    text = page("command-line.md")
    context = click.Context(carpel)
    for name in COMMANDS:
        assert f"`{name}" in text
        command = carpel.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in text, (name, parameter.opts)


def test_every_function_of_the_language_is_explained() -> None:
    text = page("schemes.md")
    assert not [name for name in (*FUNCTIONS, *AGGREGATES, "owns") if not re.search(rf"`[^`]*\b{name}\b", text)]


def test_every_key_of_a_scheme_is_explained() -> None:
    text = page("schemes.md")
    assert not [key for key in (*_SCHEME, *_SEGMENT) if f"`{key}`" not in text]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if not link.startswith("http") and not (document.parent / link).exists()]
