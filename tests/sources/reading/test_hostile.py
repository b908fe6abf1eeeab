"""Whatever comes in, the answer is a table with its issues or an error that names place and remedy."""

import gzip
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.errors import CarpelError
from carpel.kernel.yaml import read_yaml
from carpel.sources.reading import Landed, ReadOptions, land, survey
from tests.sources.reading.conftest import Write, codes, landed, looked_at


def refused(path: Path, **options: str) -> str:
    with pytest.raises(CarpelError) as raised:
        survey([path], options=ReadOptions(**options))  # type: ignore[arg-type]
    assert raised.value.place
    sentence = raised.value.text.render("en")
    assert not sentence.startswith("reading.")
    assert "{" not in sentence.replace('{"', "")
    return raised.value.text.key.removeprefix("reading.")


@pytest.mark.parametrize(
    ("content", "name", "answer"),
    [
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf\n\n", "a.csv", "empty"),
        (bytes(range(256)) * 200, "a.csv", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a.csv", "foreign"),
        (b"%PDF-1.4 ...", "a.csv", "foreign"),
        (b"PK\x03\x04broken", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "a.xls", "excel-damaged"),
        (b"PAR1 no parquet at all PAR1", "a.parquet", "parquet-damaged"),
        (b"\x1f\x8b\x08\x00 broken", "a.csv.gz", "damaged"),
        (gzip.compress(b"a,b\n1,2\n" * 100, mtime=0)[:-20], "a.csv.gz", "damaged"),
        (b"\x28\xb5\x2f\xfd broken", "a.csv.zst", "damaged"),
        (b"[1, 2, 3]", "a.json", "no-json-objects"),
        (b",".join(b"c" for _ in range(1_000_000)) + b"\n", "wide.csv", "too-many-columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, name: str, answer: str, write: Write) -> None:
    assert refused(write(content, name)) == answer


def test_places_that_hold_nothing_are_refused(tmp_path: Path, write: Write) -> None:
    write("a,b\n1,2\n", "orders.csv")
    assert refused(tmp_path / "in" / "order.csv") == "missing"
    assert refused(tmp_path / "in" / "*.xlsx") == "nothing-readable"
    (tmp_path / "bare").mkdir()
    assert refused(tmp_path / "bare") == "nothing-readable"
    assert refused(tmp_path / "in" / "orders.csv", encoding="klingon") == "unknown-encoding"
    assert refused(tmp_path / "in" / "orders.csv", delimiter="::") == "delimiter"


def test_a_file_that_may_not_be_read_is_refused(write: Write) -> None:
    path = write("a,b\n1,2\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.unlink()
        path.symlink_to(path.parent / "nowhere")
        assert refused(path) == "missing"
    else:
        assert refused(path) == "unreadable"


def test_a_file_that_unpacks_without_end_is_refused(write: Write, tmp_path: Path) -> None:
    path = write(b"", "bomb.csv.gz")
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(300):
            file.write(b"0" * (1 << 20))
    assert refused(path) == "bomb"


def test_a_header_alone_is_a_table_without_rows(write: Write, tmp_path: Path) -> None:
    path = write("customer_id,name\n")
    assert [column.name for column in looked_at(path).columns] == ["customer_id", "name"]
    result, rows = landed(path, tmp_path)
    assert (result.rows, rows["name"]) == (0, [])


def test_ragged_rows_are_kept_with_what_is_there(write: Write, tmp_path: Path) -> None:
    result, rows = landed(write("id,name,city\n1,Ana,Cebu\n2,Ben\n3,Cy,Iloilo,extra,more\n\n4,Di,Davao\n"), tmp_path)
    assert rows["id"] == ["1", "2", "3", "4"]
    assert rows["city"] == ["Cebu", None, "Iloilo", "Davao"]
    assert rows["__raw"] == [None, None, '{"__extra": "extra,more"}', None]
    assert {issue.code: (issue.count, issue.examples) for issue in result.issues} == {
        "reading.short-rows": (1, ("3: 2,Ben",)),
        "reading.long-rows": (1, ("4: 3,Cy,Iloilo,extra,more",)),
    }


def test_a_quote_that_never_closes_costs_its_own_line_only(write: Write, tmp_path: Path) -> None:
    lines = [f"{number},name {number},x" for number in range(5_000)]
    lines[2_000] = '2000,"open name,x'
    lines[3_000] = '3000,"two\nlines",x'
    result, rows = landed(write("id,name,z\n" + "\n".join(lines) + "\n"), tmp_path)
    assert len(rows["id"]) == 5_000
    assert rows["name"][2_000] == "open name"
    assert rows["name"][3_000] == "two\nlines"
    assert codes(result) == {"open-quotes"}


def test_a_cell_of_a_hundred_megabytes_is_cut(write: Write, tmp_path: Path) -> None:
    path = write(b"id,note\n1,short\n2," + b"x" * 100_000_000 + b"\n3,short\n")
    result, rows = landed(path, tmp_path)
    assert rows["id"] == ["1", "2", "3"]
    assert len(rows["note"][1]) == 1 << 20
    assert {"huge-lines", "huge-cells"} <= codes(result)


def test_nul_characters_are_left_out_and_counted(write: Write, tmp_path: Path) -> None:
    result, rows = landed(write(b"id,name\n1,A\x00na\n2,Ben\n"), tmp_path)
    assert rows["name"] == ["Ana", "Ben"]
    assert codes(result) == {"nul-removed"}


def test_a_broken_character_does_not_change_the_encoding(write: Write, tmp_path: Path) -> None:
    content = "\n".join(["id,name", *(f"{number},名字" for number in range(50))]).encode() + b"\n50,bro\xffken\n"
    result, rows = landed(write(content), tmp_path)
    assert (rows["name"][0], rows["name"][50]) == ("名字", "bro\ufffdken")
    assert codes(result) == {"characters-unreadable"}


def test_names_that_are_blank_or_repeated_become_different(write: Write) -> None:
    found = looked_at(write("id,,Name,name,__row,\n1,2,3,4,5,6\n"))
    assert [each.name for each in found.columns] == ["id", "column_2", "Name", "name_2", "__row_", "column_6"]
    assert {"blank-names", "repeated-names"} <= codes(found)


def test_a_file_without_header_says_so(write: Write) -> None:
    found = looked_at(write("1,2019-02-14,9.5\n2,2019-02-15,7.25\n"))
    assert [each.name for each in found.columns] == ["column_1", "column_2", "column_3"]
    assert (found.rows, found.read.header) == (2, False)
    assert "no-header" in codes(found)


def test_formulas_are_plain_text(write: Write, tmp_path: Path) -> None:
    content = "name,note\nAna,=cmd|' /C calc'!A0\nBen,@SUM(1+1)\nCy,+1+1\n"
    _, rows = landed(write(content), tmp_path)
    assert rows["note"] == ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1"]


def test_names_with_quotes_are_names_and_not_sql(write: Write, tmp_path: Path) -> None:
    content = 'a\';DROP TABLE x;--\tb""c\n2019-02-30\tx\n2019-02-14\ty\n' + "2019-02-14\ty\n" * 30
    _, rows = landed(write(content, "it's.csv"), tmp_path, delimiter="\t")
    name = next(iter(rows))
    assert name == "a';DROP TABLE x;--"
    assert rows["__raw"][0] == '{"a\';DROP TABLE x;--": "2019-02-30"}'


def attempt(path: Path) -> Landed | CarpelError:
    """A landing, or why there is none; anything else is a failure."""
    try:
        return land([path], options=ReadOptions(), wanted={}, to=path.with_suffix(".parquet"))
    except CarpelError as error:
        return error


@given(content=st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    found = attempt(path)
    if isinstance(found, Landed):
        assert pq.read_metadata(found.path).num_rows == found.rows
    else:
        assert not found.text.render("zh-Hant").startswith("reading.")


@given(content=st.text(alphabet="ab1\"',;\n\r\t .-/é北", max_size=200))
def test_any_text_is_a_table_unless_it_is_empty(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_text(content, newline="")
    found = attempt(path)
    assert isinstance(found, Landed) or found.text.key == "reading.empty"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("{delimeter: x}", "unknown-option"),
        ("{header: maybe}", "header-option"),
    ],
)
def test_options_are_checked(text: str, answer: str) -> None:
    with pytest.raises(CarpelError) as raised:
        ReadOptions.from_node(read_yaml(text, "carpel.yaml"))
    assert raised.value.text.key == f"reading.{answer}"
    assert str(raised.value.place).startswith("carpel.yaml:1:")


def test_options_read_back_what_they_write() -> None:
    source = (
        '{delimiter: ";", encoding: GB18030, dates: D/M/Y, decimal: ",", header: false, nulls: [x], types: {a: id}}'
    )
    options = ReadOptions.from_node(read_yaml(source, "carpel.yaml"))
    assert options == ReadOptions(
        delimiter=";", encoding="GB18030", dates="D/M/Y", decimal=",", header=False, nulls=("x",), types={"a": "id"}
    )
    assert options.to_yaml() == read_yaml(source, "carpel.yaml").plain()


def test_one_unreadable_file_of_a_folder_is_left_out_and_said(write: Write, tmp_path: Path) -> None:
    write("id,amount\n1,5\n", "a.csv")
    write(b"", "b.csv")
    (found,) = survey([tmp_path / "in"])
    assert (found.rows, codes(found)) == (1, {"left-out"})
    files = sorted((tmp_path / "in").iterdir())
    assert land(files, options=ReadOptions(), wanted={}, to=tmp_path / "to.parquet").rows == 1
    files.append(write(b"\x1f\x8b\x08 broken", "c.csv.gz"))
    with pytest.raises(CarpelError):
        land(files, options=ReadOptions(), wanted={}, to=tmp_path / "to.parquet")


def test_words_for_nothing_are_found_among_a_million_forms(write: Write, tmp_path: Path) -> None:
    names = "\n".join(
        f"{''.join(chr(97 + (number // 26**place) % 26) for place in range(5))} x" for number in range(60_000)
    )
    result, rows = landed(write("name\tz\n" + names.replace(" x", "\tx") + "\nNULL\tx\n"), tmp_path)
    assert rows["name"][-1] is None
    assert [each.count for each in result.issues] == [1]


def test_titles_above_the_table_are_skipped_and_the_row_of_names_is_kept_in_the_options(write: Write) -> None:
    path = write("Sales report\nMade 2019\n\nid,amount\n1,2\n3,4\n")
    found = looked_at(path)
    assert (found.rows, found.read.header, codes(found)) == (2, 3, {"titles-skipped"})
    again = looked_at(path, header=3)
    assert (again.columns, again.issues) == (found.columns, ())


def test_an_issue_names_the_line(write: Write, tmp_path: Path) -> None:
    result, _ = landed(write('id,note\n1,"open\n2,x\n'), tmp_path)
    assert result.issues[0].examples == ('2: 1,"open',)


def test_marks_inside_formula_ids_do_not_part_cells(write: Write) -> None:
    rows = "".join(f"=cmd|'/c calc'!A{n},2024-01-0{n % 9 + 1},{n}\n" for n in range(60))
    dataset = looked_at(write("customer_id,order_date,amount\n" + rows))
    assert [each.name for each in dataset.columns] == ["customer_id", "order_date", "amount"]


def test_a_million_columns_are_more_than_can_be_read(write: Write) -> None:
    with pytest.raises(CarpelError) as raised:
        survey([write(b",".join(b"c" for _ in range(1_000_000)) + b"\n", "wide.csv")], options=ReadOptions())
    assert raised.value.text.render("en").startswith("There are more than 5,000 columns")
