"""Each column is decided over all of its values, and what the values leave open is said."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from carpel.kernel.errors import CarpelError
from carpel.kernel.types import ValueType
from tests.sources.reading.conftest import Write, codes, column_of, landed, looked_at

V = ValueType
moment = datetime.fromisoformat


@pytest.mark.parametrize(
    ("values", "form", "first"),
    [
        (["2019-02-14", "2020-12-31"], "Y-M-D", date(2019, 2, 14)),
        (["14/02/2019", "31/12/2020"], "D/M/Y", date(2019, 2, 14)),
        (["02/14/2019", "12/31/2020"], "M/D/Y", date(2019, 2, 14)),
        (["14/02/19", "31/12/20"], "D/M/Y", date(2019, 2, 14)),
        (["2019/02/14", "2020/12/31"], "Y/M/D", date(2019, 2, 14)),
        (["14.2.2019", "31.12.2020"], "D/M/Y", date(2019, 2, 14)),
        (["14-Feb-19", "31-Dec-20"], "D Mon Y", date(2019, 2, 14)),
        (["14 February 2019", "31 December 2020"], "D Mon Y", date(2019, 2, 14)),
        (["Feb 14, 2019", "Dec 31, 2020"], "Mon D, Y", date(2019, 2, 14)),
        (["2019年2月14日", "2020年12月31日"], "Y年M月D日", date(2019, 2, 14)),
        (["20190214", "20201231"], "YYYYMMDD", date(2019, 2, 14)),
        (["2019-02", "2020-12"], "Y-M", date(2019, 2, 1)),
        (["14/02/2019 0:00", "31/12/2020 0:00"], "D/M/Y", date(2019, 2, 14)),
    ],
)
def test_a_day_is_read_however_it_is_written(values: list[str], form: str, first: date, write: Write) -> None:
    found = column_of(values, write)
    assert (found.type, found.format, found.minimum, found.unread) == (V.DATE, form, first, 0)


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["2019-02-14 10:05", "2020-12-31 23:59"], moment("2019-02-14T10:05:00")),
        (["2019-02-14T10:05:06.789", "2020-12-31T23:59:00.000"], moment("2019-02-14T10:05:06.789000")),
        (["14/02/2019 10:05:06", "31/12/2020 23:59:59"], moment("2019-02-14T10:05:06")),
        (["2/14/2019 10:05 AM", "12/31/2020 11:59 PM"], moment("2019-02-14T10:05:00")),
        (["2019年2月14日 10:05", "2020年12月31日 23:59"], moment("2019-02-14T10:05:00")),
        (["20190214100506", "20201231235959"], moment("2019-02-14T10:05:06")),
    ],
)
def test_a_moment_is_read_as_written(values: list[str], first: datetime, write: Write) -> None:
    found = column_of(values, write)
    assert (found.type, found.minimum, found.unread, found.zoned) == (V.INSTANT, first, 0, False)


@pytest.mark.parametrize(
    "values",
    [
        ["2019-02-14T10:05:06Z", "2020-12-31T23:59:00Z"],
        ["2019-02-14T18:05:06+08:00", "2021-01-01T07:59:00+08:00"],
        ["2019-02-14 18:05:06 +0800", "2021-01-01 07:59:00 +0800"],
        ["2019-02-14 10:05:06 UTC", "2020-12-31 23:59:00 UTC"],
    ],
)
def test_a_moment_with_a_zone_is_utc(values: list[str], write: Write) -> None:
    found = column_of(values, write)
    assert (found.type, found.minimum, found.zoned) == (V.INSTANT, moment("2019-02-14T10:05:06"), True)


def test_a_date_that_may_be_day_or_month_first_says_so(write: Write) -> None:
    path = write("id,opened\n1,01/02/2019\n2,03/04/2019\n")
    found = looked_at(path)
    assert (found.column("opened").format, found.column("opened").alternatives) == ("D/M/Y", ("M/D/Y",))
    assert "ambiguous-dates" in codes(found)
    told = looked_at(path, dates="M/D/Y")
    assert (told.column("opened").minimum, codes(told)) == (date(2019, 1, 2), set())


def test_another_column_of_the_file_settles_what_one_leaves_open(write: Write) -> None:
    found = looked_at(write("a,b\n01/02/2019,01/30/2019\n03/04/2019,02/28/2019\n"))
    assert found.column("a").format == "M/D/Y"
    assert found.read.dates == "M/D/Y"


def test_a_value_that_is_no_date_is_missing_and_kept(write: Write, tmp_path: Path) -> None:
    days = [f"{day:02d}/03/2019" for day in range(1, 30)]
    path = write("day,name\n" + "\n".join(f"{day},x" for day in [*days, "soon"]) + "\n")
    result, rows = landed(path, tmp_path)
    assert rows["day"][-2:] == [date(2019, 3, 29), None]
    assert rows["__raw"][-2:] == [None, '{"day": "soon"}']
    issue = next(each for each in result.issues if each.code == "reading.unread")
    assert (issue.count, issue.examples) == (1, ("soon",))


@pytest.mark.parametrize(
    ("values", "form", "smallest"),
    [
        (["1.50", "20.25"], None, Decimal("1.5")),
        (["1,50", "20,25"], "decimal comma", Decimal("1.5")),
        (["1.234,50", "20,25"], "decimal comma, thousands point", Decimal("20.25")),
        (["1,234.50", "20.25"], "thousands comma", Decimal("20.25")),
        (["1 234,50", "20,25"], "decimal comma, thousands space", Decimal("20.25")),
        (["1'234.50", "20.25"], "thousands apostrophe", Decimal("20.25")),
        (["₱1,234.50", "₱20.25"], "thousands comma, ₱", Decimal("20.25")),
        (["PHP 1234.50", "PHP 20.25"], "PHP", Decimal("20.25")),
        (["1234.50 €", "20.25 €"], "€", Decimal("20.25")),
        (["(20.25)", "1.50"], None, Decimal("-20.25")),
        (["20.25-", "1.50"], None, Decimal("-20.25")),
        (["-$20.25", "$1.50"], "$", Decimal("-20.25")),
        (["12.5%", "3%"], "percent", Decimal("0.03")),
    ],
)
def test_an_amount_is_exact_however_it_is_written(
    values: list[str], form: str, smallest: Decimal, write: Write
) -> None:
    found = column_of(values, write)
    assert (found.type, found.format, found.minimum, found.unread) == (V.NUMBER, form, smallest, 0)


def test_a_comma_between_three_digits_is_thousands_and_says_that_it_may_be_decimal(write: Write) -> None:
    found = column_of(["1,234", "5,678"], write)
    assert (found.type, found.minimum, found.alternatives) == (V.INTEGER, 1234, ("decimal comma",))
    assert column_of(["1,234", "5,678"], write, decimal=",").minimum == Decimal("1.234")


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["Yes", "No", "Yes"], "Yes/No"),
        (["Y", "N"], "Y/N"),
        (["true", "FALSE"], None),
        (["是", "否"], "是/否"),
        (["Oo", "Hindi", "oo"], None),
    ],
)
def test_yes_and_no_are_booleans(values: list[str], form: str | None, write: Write) -> None:
    found = column_of(values, write)
    assert (found.type, found.unread) == (V.BOOLEAN, 0)
    assert form is None or found.format == form


def test_zero_and_one_stay_numbers_and_may_be_booleans(write: Write, tmp_path: Path) -> None:
    path = write("a,consent\nx,0\ny,1\nz,1\n")
    found = looked_at(path).column("consent")
    assert (found.type, found.alternatives) == (V.INTEGER, ("boolean",))
    _, rows = landed(path, tmp_path, {"consent": V.BOOLEAN})
    assert rows["consent"] == [False, True, True]


@pytest.mark.parametrize("values", [["007", "012", "123"], ["12345678901234567890", "2"]])
def test_leading_zeros_and_long_numbers_are_keys(values: list[str], write: Write) -> None:
    assert column_of(values, write).type is V.ID


def test_whole_numbers_that_a_float_printed_are_whole(write: Write, tmp_path: Path) -> None:
    path = write("CustomerID,quantity,price\n17850.0,6.0,2.5\n,8.0,3.0\n13047.0,2.0,1.0\n")
    _, rows = landed(path, tmp_path)
    assert rows["CustomerID"] == ["17850", None, "13047"]
    assert rows["quantity"] == [6, 8, 2]
    assert rows["price"] == [Decimal("2.5"), Decimal(3), Decimal(1)]


def test_letters_among_keys_keep_all_of_them_as_written(write: Write, tmp_path: Path) -> None:
    path = write("InvoiceNo,x\n536365,a\nC536379,b\n536366,c\n")
    _, rows = landed(path, tmp_path)
    assert rows["InvoiceNo"] == ["536365", "C536379", "536366"]


def test_words_for_nothing_are_nothing_beside_numbers_but_not_among_names(write: Write, tmp_path: Path) -> None:
    path = write("country;amount\nNA;1,5\nPH;-\nNULL;N/A\nUS;无\n")
    result, rows = landed(path, tmp_path)
    assert rows["country"] == ["NA", "PH", None, "US"]
    assert rows["amount"] == [Decimal("1.5"), None, None, None]
    assert [each.count for each in result.issues if each.code == "reading.null-words"] == [1, 3]


def test_the_words_for_nothing_can_be_named(write: Write, tmp_path: Path) -> None:
    _, rows = landed(write("a,b\nNULL,1\nleer,leer\n"), tmp_path, nulls=("leer",))
    assert (rows["a"], rows["b"]) == (["NULL", None], [1, None])


def test_seconds_since_1970_are_moments_where_the_name_says_so(write: Write) -> None:
    path = write(
        "created_at,visits,ms_date\n1550138706,1550138706,1550138706000\n1609459140,1609459140,1609459140000\n"
    )
    found = looked_at(path)
    assert [each.type for each in found.columns] == [V.INSTANT, V.INTEGER, V.INSTANT]
    assert found.column("created_at").minimum == moment("2019-02-14T10:05:06")
    assert found.column("ms_date").minimum == moment("2019-02-14T10:05:06")


def test_a_contract_decides_the_type_and_the_values_the_form(write: Write, tmp_path: Path) -> None:
    path = write("key;paid;day\n12;1.234,5;03.04.2019\n13;7;x\n")
    wanted = {"key": V.ID, "paid": V.MONEY, "day": V.INSTANT}
    _, rows = landed(path, tmp_path, wanted)
    assert rows["key"] == ["12", "13"]
    assert rows["paid"] == [Decimal("1234.5"), Decimal(7)]
    assert rows["day"] == [moment("2019-04-03T00:00:00"), None]
    assert rows["__raw"] == [None, '{"day": "x"}']


def test_a_type_can_be_told(write: Write, tmp_path: Path) -> None:
    path = write("a,b,c\n1,01/02/2019,20190214\n2,03/04/2019,20190215\n")
    _, rows = landed(path, tmp_path, types={"a": "id", "b": "date M/D/Y", "c": "integer"})
    assert (rows["a"][0], rows["b"][0], rows["c"][0]) == ("1", date(2019, 1, 2), 20190214)


def test_forms_that_mix_are_all_read_and_said(write: Write) -> None:
    path = write("d,x\n14/02/19,a\n14/02/2019,b\n2019-02-14,c\n14/02/2019 10:00,e\n")
    found = looked_at(path)
    assert found.column("d").unread == 0
    assert found.column("d").distinct == 4
    assert {"mixed-dates", "short-years"} <= codes(found)


def test_a_value_that_breaks_the_form_is_not_bent_into_it(write: Write, tmp_path: Path) -> None:
    amounts = ["1,234.50"] * 60 + ["1,5", "0x10", "1_000"]
    path = write("amount\tday\n" + "\n".join(f"{each}\t14/02/2019" for each in amounts) + "\n7\t14/02/019\n")
    _, rows = landed(path, tmp_path)
    assert rows["amount"][60:] == [None, None, None, Decimal(7)]
    assert rows["__raw"][60] == '{"amount": "1,5"}'
    assert rows["__raw"][63] == '{"day": "14/02/019"}'


def test_amounts_in_several_currencies_are_said(write: Write) -> None:
    assert "mixed-units" in codes(looked_at(write("amount;x\n€5.10;a\n$7.20;b\n$8.00;c\n")))


def test_a_type_told_for_no_column_is_an_error(write: Write, tmp_path: Path) -> None:
    with pytest.raises(CarpelError) as raised:
        landed(write("amount,x\n1,a\n"), tmp_path, types={"amont": "number"})
    assert "amount" in raised.value.text.render("en")
