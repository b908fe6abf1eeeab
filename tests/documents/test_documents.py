"""Every command and example that the documentation shows is run, and prints what is shown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
_FENCE = re.compile(r"^```(console|console fails|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
"""A block marked `console fails` shows a mistake: its commands must exit with 1."""
DATA = "$CARPEL_DATA"
"""Named by a document that works on real data."""


@dataclass(frozen=True)
class Example:
    """A command or a piece of Python, with the output that the document promises."""

    kind: str
    source: str
    expected: str


def examples(document: Path) -> list[Example]:
    found = []
    for kind, body in _FENCE.findall(document.read_text(encoding="utf-8")):
        if kind == "python":
            found.append(Example(kind, body, ""))
            continue
        parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
        found += [Example(kind, *command_and_output(part)) for part in parts]
    return found


def command_and_output(part: str) -> tuple[str, str]:
    """A command is one line, or goes on to the end of the text that it is given by `<<'WORD'`."""
    line, _, rest = part.partition("\n")
    word = re.search(r"<<'(\w+)'", line)
    if word is None:
        return line, rest
    given, _, expected = rest.partition(f"\n{word[1]}\n")
    return f"{line}\n{given}\n{word[1]}\n", expected


def in_words(output: str) -> str:
    """Output with runs of blanks as one: columns may be as wide as a terminal makes them."""
    return "\n".join(" ".join(line.split()) for line in output.strip().splitlines())


def matches(expected: str, output: str) -> bool:
    """A line of `…` stands for any lines, and `…` in a line for any words."""
    pattern = "".join(map(line_pattern, in_words(expected).split("\n")))
    return re.fullmatch(pattern, in_words(output) + "\n") is not None


def line_pattern(line: str) -> str:
    return r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if examples(each)], ids=lambda each: each.name)
def test_a_document_does_what_it_shows(document: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    data = request.getfixturevalue("data") if DATA in document.read_text(encoding="utf-8") else ""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "110",
        "CARPEL_LANG": "en",
        "CARPEL_DATA": str(data),
    }
    for example in examples(document):
        command = [sys.executable, "-c", example.source] if example.kind == "python" else ["bash", "-c", example.source]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        fails = example.kind == "console fails"
        assert done.returncode == fails, f"{example.source}\n{done.stdout}{done.stderr}"
        shown = done.stdout + done.stderr if fails else done.stdout
        if example.expected:
            assert matches(example.expected, shown), f"{example.source}\n{shown}"
