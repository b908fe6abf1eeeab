"""The proof and the preview on the command line."""

import json

import duckdb
import pytest


def test_the_proof_is_written_for_duckdb_alone(carpel, shop, tmp_path, monkeypatch: pytest.MonkeyPatch):
    done = carpel("-w", shop, "sql", "--proof", "--to", tmp_path / "proof.sql")
    assert done.code == 0, done.err
    (folder,) = (each.parent for each in shop.rglob("manifest.json"))
    monkeypatch.chdir(folder)
    written = (tmp_path / "proof.sql").read_text(encoding="utf-8")
    found = duckdb.connect().execute(written).fetchall()
    assert found
    assert all(proved for _, proved, _ in found)


def test_the_proof_is_printed_with_a_sentence_for_each_statement(carpel, shop):
    done = carpel("-w", shop, "sql", "--proof")
    assert done.code == 0
    assert done.out.startswith("-- Proof of the run")
    assert "-- Claim: every customer of the base" in done.out


def test_a_preview_of_the_file_counts_as_the_run_did(carpel, shop):
    now = json.loads(carpel("-w", shop, "segments", "--json").out)
    found = json.loads(carpel("-w", shop, "scheme", "preview", "--json").out)
    for before, previewed in zip(now["segments"], found["segments"], strict=True):
        assert {key: previewed[key] for key in before} == before
    assert (found["base"], found["outside_base"]) == (now["base"], now["outside_base"])


def test_a_preview_of_another_file(carpel, shop, tmp_path):
    file = tmp_path / "draft.yaml"
    file.write_text(
        "scheme: customers\nsegments:\n  - {key: buyers, when: frequency > 1}\n  - {key: rest, otherwise: true}\n",
        encoding="utf-8",
    )
    done = carpel("-w", shop, "scheme", "preview", file)
    assert done.code == 0
    assert "buyers" in done.out
    assert "segments: 2" in done.out
    file.write_text("scheme: customers\nsegments:\n  - {key: a, when: nonsense > 1}\n", encoding="utf-8")
    assert carpel("-w", shop, "scheme", "preview", file).code == 1
    assert carpel("-w", shop, "scheme", "preview", tmp_path / "none.yaml").code == 1
