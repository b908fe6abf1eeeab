"""carpel.yaml is read with a place and a remedy on every error."""

from pathlib import Path

import pytest

from carpel.kernel.errors import CarpelError
from carpel.runs import Settings, read_settings
from tests.runs.workspaces import SETTINGS


def read(folder: Path, text: str) -> Settings:
    (folder / "carpel.yaml").write_text(text, encoding="utf-8")
    return read_settings(folder)


def refused(folder: Path, text: str) -> CarpelError:
    with pytest.raises(CarpelError) as error:
        read(folder, text)
    return error.value


def test_settings_are_as_written(tmp_path: Path) -> None:
    more = "memory: 3GB\nthreads: 2\nkeep_runs: 5\nruns: /elsewhere/runs\nstore: postgresql+psycopg://me@db/carpel\n"
    settings = read(tmp_path, SETTINGS + more)
    assert (settings.workspace, settings.currency, settings.time_zone) == ("tiny", "PHP", "Asia/Manila")
    assert (settings.memory, settings.threads, settings.keep_runs) == ("3GB", 2, 5)
    assert settings.runs_folder == Path("/elsewhere/runs")
    assert settings.profile == ("recency_days", "frequency")
    assert [source.name for source in settings.sources] == ["people", "shop"]
    assert settings.digits == 2


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    settings = read(tmp_path, "currency: JPY\n" + SETTINGS[SETTINGS.index("sources:") :])
    assert (settings.engine, settings.store, settings.revenue, settings.time_zone) == (
        *("duckdb", "sqlite", "orders", "UTC"),
    )
    assert settings.runs_folder == tmp_path / ".carpel" / "runs"
    assert (settings.memory, settings.threads, settings.keep_runs, settings.profile) == (None, None, 20, None)
    assert settings.workspace == tmp_path.name
    assert settings.digits == 0


@pytest.mark.parametrize(
    ("line", "key", "remedy"),
    [
        ("curency: USD", "runs.unknown-setting", "currency"),
        ("memory: much", "runs.not-a-memory-size", "3GB"),
        ("threads: 0", "runs.not-a-whole-number", "1"),
        ("threads: two", "runs.not-a-whole-number", "1"),
        ("keep_runs: 0", "runs.not-a-whole-number", "1"),
        ("keep_runs: true", "runs.not-a-whole-number", "1"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(tmp_path: Path, line: str, key: str, remedy: str) -> None:
    error = refused(tmp_path, f"{line}\n{SETTINGS}")
    assert error.text.key == key
    assert remedy in error.text.render()
    assert str(error.place).startswith(f"{tmp_path}/carpel.yaml:1:")


@pytest.mark.parametrize(
    ("before", "after", "key", "line"),
    [
        ("currency: PHP", "currency: PHX", "kernel.unknown-currency", 2),
        ("Asia/Manila", "Asia/Manilla", "kernel.unknown-time-zone", 3),
        ("revenue: orders", "revenue: order", "runs.unknown-revenue", 4),
        ("workspace: tiny", f"workspace: {'x' * 200}", "runs.workspace-name", 1),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_place(
    tmp_path: Path, before: str, after: str, key: str, line: int
) -> None:
    error = refused(tmp_path, SETTINGS.replace(before, after))
    assert error.text.key == key
    assert f"carpel.yaml:{line}:" in str(error.place)


def test_sources_and_currency_must_be_there(tmp_path: Path) -> None:
    assert refused(tmp_path, "currency: PHP").text.params["key"] == "sources"
    assert refused(tmp_path, "workspace: acme").text.params["key"] == "currency"


def test_a_password_is_not_shown_with_the_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, SETTINGS + "store: postgresql+psycopg://me:secret@db/carpel\n")
    assert "secret" not in repr(settings)
