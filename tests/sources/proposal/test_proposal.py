"""A proposal says what it decided, asks what it cannot know, and always writes settings that can be read."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES, text
from carpel.kernel.types import ValueType
from carpel.kernel.yaml import read_yaml
from carpel.sources.proposal import propose
from carpel.sources.proposal.assignment import best_assignment
from carpel.sources.proposal.evidence import Evidence, SeenColumn, SeenTable
from carpel.sources.proposal.planning import make_plan
from carpel.sources.proposal.writing import flow, scalar, written
from carpel.sources.reading import ColumnDecision, Dataset, ReadOptions
from carpel.sources.reading_settings import read_sources
from tests.sources.proposal.exports import flat_lines, odoo, shopify, write
from tests.sources.proposal.reading_back import proposed, sources_of

NOT_LONE_HALVES = st.characters(codec="utf-8")
SPECIAL = (
    *("- a", "? b", "a: b", "# c", "'", '"', "null", "~", "yes", "1e3", "2024-01-01", "{x}", "[y]", "&a", "*a", "!t"),
    *("a\nb", "\ufeff", "\u2028", "%YAML", "---", "…", "\x7f", "\x85", "x" * 2000, "`", "=", "<<", "0o7", ".inf"),
    *("12:30:45", "\u202e", "a #b", "a:", " a", "a ", "\t"),
)
WEIRD = st.text(NOT_LONE_HALVES, min_size=1, max_size=40) | st.sampled_from(SPECIAL)


@given(WEIRD)
def test_any_text_reads_back_as_itself(wild: str) -> None:
    assert read_yaml(f"key: {scalar(wild)}", "x").plain() == {"key": wild}


@given(st.dictionaries(WEIRD, st.lists(WEIRD, max_size=3) | st.none() | st.booleans() | st.integers(), max_size=5))
def test_any_mapping_on_one_line_reads_back_as_itself(wild: dict[str, object]) -> None:
    assert read_yaml(f"key: {flow(wild)}", "x").plain() == {"key": wild}


def seen(name: str, columns: Mapping[str, ColumnDecision]) -> SeenTable:
    dataset = Dataset(
        name=name,
        files=(Path("/data/export.csv"),),
        sheet=None,
        read=ReadOptions(types=dict.fromkeys(columns, "text")),
        columns=tuple(columns.values()),
        rows=10,
    )
    seen_columns = tuple(
        SeenColumn(name=each, decision=decision, rows=10, nulls=0, distinct=10, values=((each, 1),))
        for each, decision in columns.items()
    )
    return SeenTable(name=name, title=name, dataset=dataset, rows=10, columns=seen_columns)


@given(
    st.lists(WEIRD, max_size=6, unique=True),
    WEIRD.filter(lambda name: len(name) < 60),
    WEIRD,
    st.sampled_from(LANGUAGES),
)
def test_settings_can_be_read_whatever_the_columns_are_called(
    names: list[str], source: str, workspace: str, language: str
) -> None:
    kinds = {each: ColumnDecision(name=each, type=ValueType.TEXT, rows=10, samples=(each,)) for each in names}
    kinds["Customer ID"] = ColumnDecision(name="Customer ID", type=ValueType.ID, rows=10, samples=("1",))
    evidence = Evidence(tables={source: seen(source, kinds)})
    plan = make_plan(evidence, {}, workspace=workspace)
    root = read_yaml(written(plan, "/data/acme", language), "carpel.yaml").mapping()
    (read,) = read_sources(root["sources"], Path())
    assert root["workspace"].value == workspace
    assert read.name == source
    assert read.read.types == dict.fromkeys(kinds, "text")


def test_every_decision_has_its_reason_beside_it(tmp_path: Path) -> None:
    lines = proposed(shopify(tmp_path)).settings.splitlines()
    decisions = [line for line in lines if ": " in line and not line.lstrip().startswith(("#", "files:", "workspace:"))]
    assert all("  # " in line for line in decisions)
    assert len(decisions) > 20


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    files = sorted(odoo(tmp_path).iterdir())
    assert proposed(*files).settings == proposed(*reversed(files)).settings == proposed(tmp_path).settings


def test_an_ambiguous_date_is_asked_about_and_the_answer_is_written(tmp_path: Path) -> None:
    rows = [[f"A{i % 5}", f"0{1 + i % 8}/0{1 + i % 9}/2024", 5.5 + i] for i in range(40)]
    proposal = proposed(write(tmp_path / "orders.csv", ["Customer ID", "Order Date", "Total"], rows))
    question = next(each for each in proposal.questions if each.key.startswith("reading."))
    assert {choice for choice, _ in question.choices} == {"D/M/Y", "M/D/Y"}
    for choice in ("D/M/Y", "M/D/Y"):
        answered = proposal.answer({question.key: choice})
        assert sources_of(answered)["orders"].read.dates == choice
        assert question.key not in {each.key for each in answered.questions}


def test_of_two_amounts_the_likelier_is_taken_and_the_other_offered(tmp_path: Path) -> None:
    rows = [[f"A{i % 5}", f"2024-01-{13 + i % 15}", 5.5 + i, 6.5 + i] for i in range(40)]
    proposal = proposed(write(tmp_path / "orders.csv", ["Customer ID", "Order Date", "Total", "Revenue"], rows))
    question = next(each for each in proposal.questions if each.key == "column.orders.amount.orders")
    assert [choice for choice, _ in question.choices] == ["Total", "Revenue"]
    answered = proposal.answer({question.key: "Revenue"})
    assert sources_of(answered)["orders"].tables["orders"].columns["amount"].columns == ("Revenue",)


def test_somebody_may_say_that_a_name_identifies_the_customer(tmp_path: Path) -> None:
    proposal = proposed(shopify(tmp_path))
    key = "column.customers.customer_id.orders_export"
    orders = sources_of(proposal.answer({key: "Billing Name"}))["orders_export"].tables["orders"]
    assert orders.columns["customer_id"].columns == ("Billing Name",)


def test_a_lookup_answer_that_nobody_offered_is_refused(tmp_path: Path) -> None:
    proposal = proposed(
        write(tmp_path / "export.csv", ["Customer ID", "Order Date", "Total"], [["a", "2024-01-15", 5]])
    )
    with pytest.raises(CarpelError, match="no question"):
        proposal.answer({"currencies": "PHP"})
    with pytest.raises(CarpelError, match="none of the choices"):
        proposal.answer({"currency": "XXX"})


def test_what_is_given_is_not_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "orders.csv", ["Customer ID", "Order Date", "Total"], [["a", "2024-01-15", 5]])
    proposal = proposed(path, currency="php", time_zone="Asia/Manila")
    assert "currency" not in {each.key for each in proposal.questions}
    root = read_yaml(proposal.settings, "x").plain()
    assert (root["currency"], root["time_zone"], root["workspace"]) == ("PHP", "Asia/Manila", "acme")


def test_files_beside_the_workspace_are_named_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    path = write(tmp_path / "exports" / "orders.csv", ["Customer ID", "Order Date"], [["a", "2024-01-15"]])
    beside = propose([path], workspace="acme", folder=tmp_path / "acme")
    assert sources_of(beside)["orders"].files == ("../exports/orders.csv",)
    far = propose([path], workspace="acme", folder=tmp_path / "elsewhere" / "deep" / "acme")
    assert sources_of(far)["orders"].files == (path.resolve().as_posix(),)


def test_files_of_one_form_are_named_by_a_pattern(tmp_path: Path) -> None:
    for month in (1, 2, 3):
        rows = [[f"A{i % 5}", f"2024-0{month}-{13 + i % 15}", 5.5 + i] for i in range(40)]
        write(tmp_path / f"sales-2024-0{month}.csv", ["Customer ID", "Order Date", "Total"], rows)
    (source,) = sources_of(propose([tmp_path], workspace="acme", folder=tmp_path / "acme")).values()
    assert source.files == ("../*.csv",)


def test_columns_without_a_customer_are_refused_with_words_that_help(tmp_path: Path) -> None:
    path = write(tmp_path / "weather.csv", ["temperature", "wind"], [[20.5, 3], [21.5, 4]])
    with pytest.raises(CarpelError) as caught:
        proposed(path)
    assert caught.value.text.key == "proposal.no-customers"
    assert "temperature, wind" in str(caught.value)


def test_no_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CarpelError):
        proposed(tmp_path)


def test_comments_can_be_in_any_language_and_change_no_decision(tmp_path: Path) -> None:
    path = write(
        tmp_path / "export.csv",
        ["客戶編號", "訂單編號", "訂購日期", "小計"],
        [r[:1] + r[2:4] + r[9:10] for r in flat_lines()],
    )
    texts = {each: propose([path], workspace="acme", language=each).settings for each in LANGUAGES}
    assert len(set(texts.values())) == len(LANGUAGES)
    assert len({str(read_yaml(each, "x").plain()) for each in texts.values()}) == 1


def test_every_message_exists_in_every_language() -> None:
    package = Path(__file__).parents[3] / "src" / "carpel"
    catalogues = {
        each: (package / "kernel" / "locale" / each / "proposal.po").read_text(encoding="utf-8") for each in LANGUAGES
    }
    keys = {
        each: {line for line in found.splitlines() if line.startswith("msgid ")} for each, found in catalogues.items()
    }
    assert len(set(map(frozenset, keys.values()))) == 1
    assert text("proposal.file-heading").render("fil") != "proposal.file-heading"


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.floats(0.01, 1), max_size=10))
def test_no_other_assignment_is_worth_more(scores: dict[tuple[int, int], float]) -> None:
    chosen = best_assignment(scores)
    assert len(set(chosen.values())) == len(chosen)
    assert sum(scores[pair] for pair in chosen.items()) >= _best_by_trying(scores) - 1e-9


def _best_by_trying(scores: dict[tuple[int, int], float]) -> float:
    pairs = list(scores.items())
    if not pairs:
        return 0.0
    ((left, right), worth), *_ = pairs
    without = {pair: each for pair, each in scores.items() if pair != (left, right)}
    free = {pair: each for pair, each in without.items() if left != pair[0] and right != pair[1]}
    return max(_best_by_trying(without), worth + _best_by_trying(free))


def test_taking_every_proposed_answer_is_what_yes_does(tmp_path: Path) -> None:
    rows = [[f"A{i % 5}@x.ph", f"Ana {i % 5}", f"2024-01-{13 + i % 15}", f"{i + 1},000"] for i in range(40)]
    proposal = proposed(write(tmp_path / "orders.csv", ["Email", "Billing Name", "Order Date", "Total"], rows))
    asked = {question.key: question.default for question in proposal.questions}
    assert {key.split(".")[0] for key in asked} >= {"reading", "column"}
    answered, taken = sources_of(proposal.answer(asked))["orders"], sources_of(proposal)["orders"]
    assert answered.tables == taken.tables
    assert answered.read.decimal == "."
    (reading,) = (question for question in proposal.questions if question.key.startswith("reading."))
    other = next(choice for choice, _ in reading.choices if choice != reading.default)
    assert sources_of(proposal.answer({reading.key: other}))["orders"].read.decimal == ","


def test_a_heading_without_rows_is_refused_with_what_to_do(tmp_path: Path) -> None:
    empty = tmp_path / "orders.csv"
    empty.write_text("customer_id,order_id,date,total\n", encoding="utf-8")
    with pytest.raises(CarpelError, match="no row below it") as refused:
        propose([empty], workspace="acme")
    assert str(empty) in str(refused.value)


def test_a_customer_inside_an_order_of_json_lines_is_the_customer(tmp_path: Path) -> None:
    orders = [
        {"id": number, "created_at": f"2025-03-{number % 28 + 1:02}", "customer": {"id": number % 9}, "total": 5}
        for number in range(40)
    ]
    rows = "".join(f"{json.dumps(each)}\n" for each in orders)
    (tmp_path / "orders.jsonl").write_text(rows, encoding="utf-8")
    proposal = propose([tmp_path / "orders.jsonl"], workspace="acme")
    assert "customer_id: customer.id" in proposal.settings


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("order,customer,name,date,amount", "name"),
        ("Order,Date,Customer,Name,Amount", "Name"),
        ("Order,Date,Customer,Name,Email,Phone,Amount", "Name"),
        ("Invoice No,Date,Customer ID,Customer Name,Total", "Customer Name"),
        ("订单号,日期,客户编号,姓名,金额", "姓名"),
        ("訂單編號,日期,客戶,名稱,金額", "名稱"),
    ],
)
def test_a_name_beside_a_customer_is_the_customers(tmp_path: Path, header: str, name: str) -> None:
    names = (
        "Ana Cruz",
        "Ben Reyes",
        "陳 小明",
        "Carl Lim",
        "Dina Go",
        "Ed Tan",
        "Fe Uy",
        "Gil Co",
        "Hana Sy",
        "Ike Yu",
    )
    columns = header.split(",")
    rows = []
    for row in range(40):
        who = row * 7 % 10
        told = {"Email": f"m{who}@example.com", "Phone": f"0917123456{who}", name: names[who]}
        told |= dict.fromkeys(("date", "Date", "日期"), f"2026-01-{10 + row % 20}")
        told |= dict.fromkeys(("amount", "Amount", "Total", "金额", "金額"), f"{10.5 + row}")
        told |= dict.fromkeys(("customer", "Customer", "Customer ID", "客户编号", "客戶"), f"C{who}")
        rows.append([told.get(each, f"S{1000 + row}") for each in columns])
    (source,) = sources_of(proposed(write(tmp_path / "one.csv", columns, rows))).values()
    assert source.tables["customers"].columns["name"].columns == (name,)


def test_city_and_category_belong_to_the_customer_and_the_item(tmp_path: Path) -> None:
    columns = ["Order", "Date", "Customer", "City", "Item", "Category", "Qty", "Price"]
    goods = [("Tea", "Drinks"), ("Rice", "Food"), ("Milk", "Drinks"), ("Soap", "Home")]
    rows = [
        [
            f"S{1000 + row // 2}",
            f"2026-01-{10 + row // 2 % 20}",
            f"C{row // 2 % 7}",
            ("Cebu", "Manila")[row // 2 % 7 % 2],
            *goods[row % 4],
            str(1 + row % 3),
            "12.5",
        ]
        for row in range(60)
    ]
    (source,) = sources_of(proposed(write(tmp_path / "one.csv", columns, rows))).values()
    assert source.tables["customers"].columns["city"].columns == ("City",)
    assert source.tables["products"].columns["category"].columns == ("Category",)


def test_one_row_is_told_as_one(tmp_path: Path) -> None:
    path = write(tmp_path / "one.csv", ["Customer ID", "Order Date", "Total"], [["A1", "2026-01-13", 5.5]])
    assert "1 row;" in proposed(path).settings
    assert "1 rows" not in proposed(path).settings
