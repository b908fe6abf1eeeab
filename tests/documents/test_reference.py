"""The reference names everything that there is, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import click
import pytest

from carpel.api import settings as service
from carpel.cli.app import COMMANDS, carpel
from carpel.crm import TABLES
from carpel.kernel.language.calls import AGGREGATES, FUNCTIONS, OWNS
from carpel.kernel.language.syntax import MAX_CHARACTERS, MAX_DEPTH
from carpel.kernel.yaml import Node, read_yaml
from carpel.models import MODELS
from carpel.profiles import custom, read_attributes
from carpel.runs.settings import KEYS
from carpel.schemes import (
    KINDS,
    read_scheme,
    reading,
    reading_categories,
    reading_limits,
    reading_partitions,
    reading_segments,
)
from carpel.sources import read_sources, reading_settings, settings
from carpel.sources.reading import values
from carpel.sources.staging import checking, duplicates
from tests.documents.test_documents import DOCUMENTS, ROOT

REFERENCE = ROOT / "docs" / "reference"
SHARED_OPTIONS = {"--workspace", "--lang", "--json"}
REASONS = (
    *(checking.NO_KEY, checking.NO_TIME, checking.NO_AMOUNT, checking.NO_RATE, checking.NO_ORDER),
    *(checking.IMPOSSIBLE_SCORE, duplicates.DUPLICATE, duplicates.SUPERSEDED),
)
TABLES_OF_KEYS: tuple[tuple[str, str, Collection[str]], ...] = (
    ("carpel-yaml", "key", KEYS),
    ("carpel-yaml", "serve", service.KEYS),
    ("carpel-yaml", "source", ("files", "read", "tables")),
    ("carpel-yaml", "read", values._KEYS),
    ("carpel-yaml", "mapping", reading_settings._ENTRIES),
    ("carpel-yaml", "table", TABLES),
    ("carpel-yaml", "attribute", custom._ENTRIES),
    ("carpel-yaml", "reason", REASONS),
    ("schemes", "scheme", reading._SCHEME),
    ("schemes", "limits", reading_limits._LIMITS),
    ("schemes", "segment", reading_segments._SEGMENT),
    ("schemes", "tiers", reading_partitions._TIERS),
    ("schemes", "rules", reading_partitions._RULES),
    ("schemes", "part", reading_partitions._PART),
    ("schemes", "attribute", reading_categories._CATEGORIES),
    ("schemes", "crossed", reading_partitions._CROSS),
    ("schemes", "refined", reading_partitions._REFINE),
    ("schemes", "template", KINDS),
    ("schemes", "function", (*FUNCTIONS, OWNS)),
    ("schemes", "aggregate", AGGREGATES),
)


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def rows(text: str, head: str) -> list[list[str]]:
    """The cells of the table whose first column has that head."""
    found = re.search(rf"^\| {head} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found, head
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found[1].splitlines()]


def named(cell: str) -> str:
    """The name that a cell explains: `round` of `` `round(x, 2)` ``."""
    found = re.match(r"\| ?`(\w[\w-]*)|`(\w[\w-]*)", cell)
    assert found, cell
    return found[1] or found[2]


@pytest.mark.parametrize(("document", "head", "known"), TABLES_OF_KEYS, ids=lambda each: each if str(each) else "")
def test_every_key_is_explained_and_no_other(document: str, head: str, known: Collection[str]) -> None:
    explained = [named(cells[0]) for cells in rows(page(document), head)]
    assert sorted(explained) == sorted(known)


def test_every_column_of_every_table_is_listed() -> None:
    for name, needs, columns in rows(page("carpel-yaml"), "table"):
        table = named(name)
        assert re.findall(r"`(\w+)`", columns) == list(TABLES[table].names)
        wanted = [column for group in settings.REQUIRED[table] for column in group]
        assert re.findall(r"`(\w+)`", needs) == wanted


def test_every_word_that_a_column_knows_is_listed() -> None:
    listed = {cells[0].strip("` "): re.findall(r"`(\w+)`", cells[1]) for cells in rows(page("carpel-yaml"), "column")}
    columns = [(table, column) for table in TABLES.values() for column in table.columns if column.values]
    assert listed == {f"{table.name}.{column.name}": list(column.values) for table, column in columns}


def test_every_command_and_option_is_explained_and_no_other() -> None:
    sections = chapters(page("command-line"), "## carpel")
    assert tuple(sections) == COMMANDS
    explain_the_same(carpel, sections, "## carpel")
    shared = {named_option(cells[0]) for cells in rows(page("command-line"), "shared option")}
    assert shared == SHARED_OPTIONS | {"--help"}


def chapters(text: str, head: str) -> dict[str, str]:
    """What stands under each heading that begins so, by the command that it names."""
    level = head.split(maxsplit=1)[0]
    found = re.findall(rf"^{head} ([\w-]+)[^\n]*\n(.*?)(?=^{level} |\Z)", text, re.MULTILINE | re.DOTALL)
    return dict(found)


def explain_the_same(group: click.Group, sections: dict[str, str], head: str) -> None:
    """Each command's own options are those of the table in its section; a group's commands have sections within."""
    context = click.Context(group)
    for name, section in sections.items():
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            deeper = f"#{head} {name}"
            within = chapters(section, deeper)
            assert list(within) == command.list_commands(context)
            explain_the_same(command, within, deeper)
            continue
        options = {each.opts[0] for each in command.params if isinstance(each, click.Option)} - SHARED_OPTIONS
        explained = {named_option(cells[0]) for cells in rows(section, "option")} if options else set()
        assert explained == options, name


def named_option(cell: str) -> str:
    found = re.search(r"(--[\w-]+)", cell)
    assert found, cell
    return found[1]


def test_the_limits_of_rules_are_those_of_the_language() -> None:
    assert f"{MAX_CHARACTERS:,} characters" in page("schemes")
    assert f"{MAX_DEPTH} levels" in page("schemes")


def pieces() -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        for block in re.findall(r"^```yaml\n(.*?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            yield document.name, block


@pytest.mark.parametrize(("document", "block"), list(pieces()), ids=lambda each: each.split("\n")[0])
def test_every_piece_of_yaml_is_understood(document: str, block: str) -> None:
    """Sources, attributes and models as carpel.yaml holds them; partitions and segments as parts of a scheme."""
    given = read_yaml(block, document).mapping()
    if "sources" in given:
        read_sources(given["sources"], Path())
    if "attributes" in given:
        read_attributes(given["attributes"])
    if {"partitions", "segments"} & given.keys():
        read_scheme(whole(block, given), document)
    if "models" in given:
        assert {each.text() for each in given["models"].items()} <= MODELS.keys()
    assert {"sources", "attributes", "models", "partitions", "segments"} & given.keys()


def whole(block: str, given: dict[str, Node]) -> str:
    """A scheme of which only a part is shown, made whole."""
    name = "" if "scheme" in given else "scheme: shown\n"
    rest = "" if {"segments", "by"} & given.keys() else "segments: [{key: everyone, otherwise: true}]\n"
    return f"{name}{block}{rest}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)]+))?\)", text):
        if link.startswith("http"):
            continue
        target = document.parent / link if link else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), anchor


def anchors(document: Path) -> set[str]:
    """The places within a document that links can name, as GitHub makes them of headings."""
    heads = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
