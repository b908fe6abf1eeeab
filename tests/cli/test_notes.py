"""Notes are said when they are new; what asks for attention is said each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from carpel.cli.output import print_issues
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from tests.cli.conftest import Run

NOTE = "segments have no owner"


def test_a_note_is_said_once_for_a_version_of_the_scheme(carpel: Run, shop: Path) -> None:
    again = carpel("run", "--workspace", shop).out
    assert NOTE not in again
    assert "as in the run before" in again
    scheme = next((shop / "schemes").glob("*.yaml"))
    scheme.write_text(
        scheme.read_text(encoding="utf-8").replace("- key:", "- owner: maria\n    key:", 1), encoding="utf-8"
    )
    assert NOTE in carpel("run", "--workspace", shop).out
    assert NOTE not in carpel("run", "--workspace", shop).out
    assert NOTE in carpel("run", "--workspace", shop, "--issues").out


def test_status_counts_notes_and_check_shows_them(carpel: Run, shop: Path) -> None:
    status = carpel("status", "--workspace", shop).out
    assert NOTE not in status
    assert "`carpel check` shows" in status
    assert NOTE in carpel("check", "--workspace", shop).out


def test_a_kind_of_issue_takes_one_line_until_all_are_asked_for(
    carpel: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del carpel
    monkeypatch.setenv("COLUMNS", "200")
    issues = [
        Issue(severity=Severity.WARNING, text=text("runs.nobody-in-base", customers=number), place=f"place-{number}")
        for number in range(30)
    ]
    print_issues(issues, limit=8)
    told = capsys.readouterr().out
    assert told.count("\n") <= 2
    assert "29 more" in told
    assert all(f"place-{number}" in told for number in range(3))
    print_issues(issues)
    assert capsys.readouterr().out.count("! place-") == 30
