"""Whatever is put in, an error names the place and the remedy, exits with 1, and nothing has changed."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Run

HOSTILE_FILES = {
    "binary": bytes(range(256)) * 500,
    "empty": b"",
    "only a header": b"customer_id,order_date,amount\n",
    "a million columns": b",".join(b"c%d" % number for number in range(1_000_000)) + b"\n1\n",
    "NUL bytes": b"customer_id,order_date,amount\n\0\0\0,\0,\0\n" * 3,
}

HOSTILE_RULES = (
    "frequency > 1; drop table customers",
    "frequency in (select 1)",
    "read_csv('/etc/passwd') is not null",
    "frequency > 1 -- and then",
    "(" * 5_000 + "frequency > 1" + ")" * 5_000,
    "not " * 5_000 + "frequency > 1",
    " or ".join(["frequency > 1"] * 5_000),
    "frequncy > 1",
    "frequency > 'many'",
    "getattr(frequency, '__class__') is not null",
)

BOMBS = (
    'a: &a ["x","x","x"]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n',
    "!!python/object/apply:os.system ['true']\n",
    "[" * 10_000,
    "workspace: {a: 1, a: 2}\n",
    "\0",
    "workspace: acme\n  currency: PHP\n",
)


def tree(folder: Path) -> dict[str, int]:
    """Every file that people see, by its size; the lock and the database's own files aside."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(("store.sqlite", "digests")) and path.suffix != ".lock"
    }


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_starts_no_workspace(carpel: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "export.csv").write_bytes(HOSTILE_FILES[name])
    outcome = carpel("init", tmp_path / "acme", "--from", tmp_path / "export.csv", "--yes", "--currency", "USD")
    if outcome.code == 0:
        # What can be read is taken; then a run of nobody, or of those few, is a run like any other.
        assert carpel("run", "--workspace", tmp_path / "acme").code in {0, 1}
        return
    assert outcome.code == 1
    assert "export.csv" in outcome.err
    assert not (tmp_path / "acme").exists()


def test_a_huge_field_does_not_stop_the_rest(carpel: Run, tmp_path: Path) -> None:
    lines = ["customer_id,order_date,amount"] + [f"C{n % 9},2025-0{1 + n % 9}-01,{n}.50" for n in range(60)]
    lines[30] = f'C1,2025-01-01,"{"9" * 3_000_000}"'
    (tmp_path / "orders.csv").write_text("\n".join(lines))
    workspace = tmp_path / "acme"
    assert carpel("init", workspace, "--from", tmp_path / "orders.csv", "--yes", "--currency", "USD").code == 0
    assert carpel("run", "--workspace", workspace).code == 0


def test_a_base_of_nobody_is_a_run_and_is_said(carpel: Run, shop: Path) -> None:
    scheme = next((shop / "schemes").glob("*.yaml"))
    lines = [line for line in scheme.read_text(encoding="utf-8").splitlines() if not line.startswith("base:")]
    scheme.write_text("\n".join(["base: frequency > 1000000", *lines]), encoding="utf-8")
    assert carpel("publish", "--workspace", shop).code == 0
    outcome = carpel("run", "--workspace", shop)
    assert outcome.code == 0, outcome.err
    assert "The scheme's `base` holds nobody" in outcome.out
    assert '"base": 0' in carpel("segments", "--workspace", shop, "--json").out


@pytest.mark.parametrize("rule", HOSTILE_RULES, ids=lambda rule: rule[:30])
def test_a_hostile_rule_is_refused_where_it_stands(carpel: Run, shop: Path, rule: str) -> None:
    scheme = shop / "schemes" / "customers.yaml"
    quoted = rule.replace("'", "''")
    scheme.write_text(
        f"scheme: customers\nsegments:\n  - key: some\n    when: '{quoted}'\n  - key: rest\n    otherwise: true\n"
    )
    before = tree(shop)
    current = carpel("segments", "--workspace", shop, "--json").out
    outcome = carpel("publish", "--workspace", shop)
    assert outcome.code == 1
    assert "customers.yaml:4" in outcome.err
    assert tree(shop) == before
    assert carpel("segments", "--workspace", shop, "--json").out == current


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb[:20])
@pytest.mark.parametrize("file", ["carpel.yaml", "schemes/customers.yaml"])
def test_hostile_yaml_is_refused_by_name(carpel: Run, shop: Path, file: str, bomb: str) -> None:
    (shop / file).write_text(bomb)
    before = tree(shop)
    outcome = carpel("publish", "--workspace", shop)
    assert outcome.code == 1
    assert file in outcome.err
    assert tree(shop) == before


def test_an_enormous_scheme_is_refused(carpel: Run, shop: Path) -> None:
    segments = "".join(f"  - {{key: s{number}, when: frequency = {number}}}\n" for number in range(20_000))
    (shop / "schemes" / "customers.yaml").write_text(
        f"scheme: customers\nsegments:\n{segments}  - {{key: rest, otherwise: true}}\n"
    )
    outcome = carpel("check", "--workspace", shop)
    assert outcome.code == 1
    assert "customers.yaml" in outcome.err + outcome.out


def test_a_source_that_went_away_is_named(carpel: Run, shop: Path) -> None:
    settings = (shop / "carpel.yaml").read_text()
    (shop / "carpel.yaml").write_text(settings.replace("invoices.csv", "gone.csv"))
    outcome = carpel("run", "--workspace", shop)
    assert outcome.code == 1
    assert "gone.csv" in outcome.err
    assert carpel("segments", "--workspace", shop).code == 0


def test_a_column_that_went_away_is_named(carpel: Run, shop: Path) -> None:
    settings = (shop / "carpel.yaml").read_text()
    (shop / "carpel.yaml").write_text(settings.replace("customer_id: Customer no", "customer_id: Customer number"))
    outcome = carpel("run", "--workspace", shop)
    assert outcome.code == 1
    assert "Customer number" in outcome.err
    assert "Customer no" in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["segmnts"],
        ["run", "--as-off", "2025-01-01"],
        ["explain"],
        ["export", "everything", "--to", "x.csv"],
        ["--lang", "de", "segments"],
        ["demo", "--customers", "none"],
    ],
)
def test_wrong_usage_exits_with_2_and_says_where_help_is(carpel: Run, arguments: list[str]) -> None:
    outcome = carpel(*arguments)
    assert outcome.code == 2
    assert "--help" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["explain", "nobody"], "nobody"),
        (["run", "--as-of", "31/12"], "2025-07-31"),
        (["export", "profiles", "--to", "out.doc"], ".xlsx"),
        (["export", "profiles", "--to", "no/such/folder/out.csv"], "folder"),
    ],
)
def test_wrong_values_exit_with_1_and_say_what_to_do(carpel: Run, shop: Path, arguments: list[str], told: str) -> None:
    before = tree(shop)
    outcome = carpel(*arguments, "--workspace", shop)
    assert outcome.code == 1
    assert told in outcome.err
    assert tree(shop) == before


def test_no_workspace_says_how_to_make_one(carpel: Run, tmp_path: Path) -> None:
    outcome = carpel("segments", "--workspace", tmp_path)
    assert outcome.code == 1
    assert "carpel init" in outcome.err


def test_a_defect_is_told_without_a_traceback(carpel: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("carpel.workspace.Workspace.segments", broken)
    outcome = carpel("segments", "--workspace", shop)
    assert outcome.code == 1
    details = Path(outcome.err.split("details are in ")[1].split(";")[0].replace("\n", ""))
    assert "ZeroDivisionError" in details.read_text()
    details.unlink()


def test_wrong_usage_is_told_as_it_is_typed_and_in_the_readers_language(carpel: Run, shop: Path) -> None:
    for arguments, wanted in (
        (("export", "profiles"), "--to is missing"),
        (("export", "people", "--to", "a.csv"), "choose one of assignments, profiles"),
        (("export", "profiles", "--to"), "--to takes a value"),
        (("status", "extra"), "extra is not expected"),
        (("demo", "--customers", "0"), "--customers: write a whole number, 1 or more"),
    ):
        outcome = carpel(*arguments)
        assert (outcome.code, wanted in outcome.err) == (2, True), outcome.err
        assert carpel("--lang", "zh-Hans", *arguments).err != outcome.err


def test_a_failed_start_of_a_workspace_leaves_nothing(
    carpel: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "orders.csv").write_text("customer_id,order_date,amount\nA,2025-01-02,3\n", encoding="utf-8")
    monkeypatch.setattr("carpel.workspace.initial.starter", _raises)
    assert carpel("init", tmp_path / "acme", "--from", tmp_path / "orders.csv", "--yes").code == 1
    assert not (tmp_path / "acme").exists()


def _raises(*_: object) -> str:
    raise OSError(28, "No space left on device")


def test_an_interrupt_is_a_stop_whatever_a_library_makes_of_it(
    carpel: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            message = "Query interrupted"
            raise RuntimeError(message) from None

    monkeypatch.setattr("carpel.workspace.workspace.make_run", interrupted)
    outcome = carpel("run", "--workspace", shop)
    assert outcome.code == 130
    assert outcome.err.startswith("Stopped.")


def test_an_export_without_rows_does_not_become_current(carpel: Run, tmp_path: Path) -> None:
    head, row = "customer_id,order_date,amount\n", "C1,2025-03-01,10\n"
    (tmp_path / "orders.csv").write_text(head + row, encoding="utf-8")
    assert carpel("init", tmp_path / "acme", "--from", tmp_path / "orders.csv", "--yes").code == 0
    (tmp_path / "orders.csv").write_text(head, encoding="utf-8")
    outcome = carpel("run", "--workspace", tmp_path / "acme")
    assert outcome.code == 1
    assert "The sources hold no customer" in outcome.err
    status = carpel("status", "--workspace", tmp_path / "acme").out
    assert "no current run" in status
    assert "The sources hold no customer" in status


@pytest.mark.parametrize("wrong", [("--nope",), ("extra",), ("--as-of",)])
def test_wrong_usage_is_told_to_scripts_in_json(carpel: Run, wrong: tuple[str, ...]) -> None:
    outcome = carpel("run", "--json", *wrong)
    told = json.loads(outcome.err)
    assert (outcome.code, told["error"], told["place"].split()[0]) == (2, "cli.wrong-usage", "carpel")
    assert told["message"]


@pytest.mark.parametrize(
    "content",
    [
        "order_id,customer_id,date\n" + "".join(f"{n},C{n % 40},2024-0{n % 9 + 1}-11\n" for n in range(120)),
        (
            "order_id,customer_id,date,quantity\n"
            + "".join(f"{n},C{n % 40},2024-0{n % 9 + 1}-11,{n % 5 + 1}\n" for n in range(120))
        ),
    ],
)
def test_orders_without_money_are_segmented_by_what_they_say(carpel: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "orders.csv").write_text(content)
    folder = tmp_path / "acme"
    assert carpel("init", folder, "--from", tmp_path / "orders.csv", "--yes").code == 0
    assert carpel("run", "-w", folder).code == 0
    assert carpel("segments", "-w", folder).code == 0
    listed = json.loads(carpel("attributes", "-w", folder, "--json").out)
    assert "frequency" in {each["key"] for each in listed["available"]}
    wants = {each["key"]: each["wants"] for each in listed["unavailable"]}
    assert "orders.amount" in wants["bulk_share"]


def test_lines_without_money_are_counted(carpel: Run, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    orders = "".join(f"{n},C{n % 40},2024-0{n % 9 + 1}-11,{n % 50 + 5}.50\n" for n in range(120))
    lines = "".join(f"{n // 2},P{n % 7},{n % 3 + 1}\n" for n in range(240))
    (source / "orders.csv").write_text("order_id,customer_id,date,amount\n" + orders)
    (source / "order_lines.csv").write_text("order_id,product_id,quantity\n" + lines)
    folder = tmp_path / "acme"
    assert carpel("init", folder, "--from", source, "--yes").code == 0
    assert carpel("run", "-w", folder).code == 0
