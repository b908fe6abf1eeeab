"""On a narrow terminal lesser columns leave; names and their numbers stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from carpel.cli.output import Grid
from carpel.kernel.texts import LANGUAGES
from tests.cli.conftest import Run


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_segment_keeps_its_name_in_forty_columns(
    carpel: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    told = json.loads(carpel("segments", "--workspace", shop, "--json", "--lang", language).out)
    monkeypatch.setenv("COLUMNS", "40")
    lines = carpel("segments", "--workspace", shop, "--lang", language).out.splitlines()
    for segment in told["segments"]:
        line = next(each for each in lines if each.strip().startswith(segment["label"]))
        assert line.split(segment["label"])[1].split()[0] == str(segment["customers"])


def test_runs_and_attributes_keep_their_names_in_forty_columns(
    carpel: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = json.loads(carpel("status", "--workspace", shop, "--json").out)
    monkeypatch.setenv("COLUMNS", "40")
    assert f"\n{status['current']}  " in carpel("status", "--workspace", shop).out
    attributes = carpel("attributes", "--workspace", shop).out
    assert "\nrecency_days " in attributes
    assert "\nmonetary_value " in attributes


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_shows_what_an_option_is_without_being_given(carpel: Run, language: str) -> None:
    shown = "".join(carpel("demo", "--help", "--lang", language).out.split())
    assert all(f"{default}." in shown.replace("。", ".") for default in ("carpel-demo", "20000", "1"))


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_long_label_takes_several_lines_and_no_number_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    label = "Small customers who have not bought for a long while: value band low, and nobody knows why"
    numbers = ("3,453", "79.0%", "£1,523,207", "29.9%")
    Grid(
        ["Segment", ">Customers", ">Share", "", ">Revenue", ">Of all"],
        [(label, *numbers[:2], "█" * 9, *numbers[2:])],
        (3, 5, 2, 4),
    ).show()
    shown = capsys.readouterr().out
    assert all(len(line.rstrip()) <= width for line in shown.splitlines())
    assert set(label.replace(":", "").replace(",", "").split()) <= set(shown.replace(":", "").replace(",", "").split())
    heads = {"Customers": "3,453", "Share": "79.0%", "Revenue": "£1,523,207", "Of all": "29.9%"}
    left_out = shown.partition("Left out")[2]
    assert all((number in shown) != (head in left_out) for head, number in heads.items())
