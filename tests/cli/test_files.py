"""Files that deceive or break, through the command line: formulas stay text, what cannot be read changes nothing."""

from __future__ import annotations

import gzip
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import fastexcel
import pytest

from tests.cli.conftest import INVOICES, Run
from tests.cli.test_bad_input import tree

FORMULAS = ("=1+1", "+1+1", "-1+cmd|'/c calc'!A0", "@SUM(A1:A9)", '=HYPERLINK("http://example.com")', "\t=1+1")
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture
def formulas(carpel: Run, tmp_path: Path) -> Path:
    """A workspace whose customers are named by formulas, with a current run."""
    lines = ["customer_id,name,order_date,amount"]
    for number in range(60):
        formula = FORMULAS[number % len(FORMULAS)].replace('"', '""')
        lines.append(f'"{formula}","{formula}",2025-0{1 + number % 9}-01,{number}.50')
    (tmp_path / "orders.csv").write_text("\n".join(lines))
    folder = tmp_path / "acme"
    made = carpel("init", folder, "--from", tmp_path / "orders.csv", "--yes", "--currency", "USD")
    assert made.code == 0, made.err
    ran = carpel("run", "--workspace", folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.mark.parametrize("what", ["assignments", "profiles"])
def test_formulas_in_a_source_are_text_in_an_exported_csv(
    carpel: Run, formulas: Path, tmp_path: Path, what: str
) -> None:
    to = tmp_path / "out.csv"
    assert carpel("export", what, "--workspace", formulas, "--to", to).code == 0
    text = to.read_text(encoding="utf-8-sig")
    ids = [line.split(",")[0].strip('"') for line in text.splitlines()[1:]]
    assert len(ids) == len({formula.strip() for formula in FORMULAS})
    assert not [each for each in ids if each.startswith(LIVE)]


@pytest.mark.parametrize("what", ["assignments", "profiles"])
def test_formulas_in_a_source_are_text_in_an_exported_workbook(
    carpel: Run, formulas: Path, tmp_path: Path, what: str
) -> None:
    to = tmp_path / "out.xlsx"
    assert carpel("export", what, "--workspace", formulas, "--to", to).code == 0
    with_formulas = fastexcel.read_excel(to).load_sheet(0).to_arrow()["customer_id"].to_pylist()
    # A live formula without a computed result would read back as nothing, or as a number.
    assert {each.strip().replace('"', "") for each in with_formulas} == {
        each.strip().replace('"', "") for each in FORMULAS
    }
    assert b"<f>" not in _sheet(to)


def _sheet(workbook: Path) -> bytes:
    with ZipFile(workbook) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


BROKEN = {
    "export.parquet": b"PAR1 not really",
    "export.xlsx": b"PK\x03\x04 not really",
    "export.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not really",
    "export.csv.gz": gzip.compress(INVOICES.read_bytes())[:400],
    "export.csv.zst": b"\x28\xb5\x2f\xfd not really",
    "export.jsonl": b'{"customer_id": 1, "order_date": \n{]',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_and_starts_no_workspace(carpel: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BROKEN[name])
    outcome = carpel("init", tmp_path / "acme", "--from", tmp_path / name, "--yes", "--currency", "USD")
    assert outcome.code == 1
    assert name in outcome.err
    assert not (tmp_path / "acme").exists()


def test_a_source_that_breaks_later_leaves_the_last_run_current(carpel: Run, shop: Path, tmp_path: Path) -> None:
    broken = tmp_path / "invoices.csv.gz"
    broken.write_bytes(gzip.compress(INVOICES.read_bytes())[:400])
    settings = (shop / "carpel.yaml").read_text()
    (shop / "carpel.yaml").write_text(settings.replace(str(INVOICES), str(broken)))
    before, current = tree(shop), carpel("segments", "--workspace", shop, "--json").out
    outcome = carpel("run", "--workspace", shop)
    assert outcome.code == 1
    assert "invoices.csv.gz" in outcome.err
    assert tree(shop) == before
    assert carpel("segments", "--workspace", shop, "--json").out == current


def test_init_asks_a_person_and_takes_the_answer(tmp_path: Path) -> None:
    """In a terminal: the currency is asked, the second choice is taken."""
    script = "from carpel.cli import main; main()"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", script, "init", "shop", "--from", str(INVOICES)],
        cwd=tmp_path,
        env={**os.environ, "CARPEL_LANG": "en"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, b"2\n")
    shown = _all_of(ours)
    assert process.wait(timeout=120) == 0, shown
    assert "In which currency are the amounts?" in shown
    assert "currency: USD" in (tmp_path / "shop" / "carpel.yaml").read_text()


def _all_of(terminal: int) -> str:
    """Everything a process shows until it ends."""
    shown = b""
    try:
        while select.select([terminal], [], [], 120)[0]:
            shown += os.read(terminal, 65536)
    except OSError:
        # Linux says so when the other end of a terminal closed.
        pass
    return shown.decode(errors="replace")
