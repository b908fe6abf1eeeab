"""In a file that feeds several tables, a column without a place goes to the thing whose key determines it."""

from pathlib import Path

from tests.sources.proposal.reading_back import proposed, sources_of

HEADER = "InvoiceNo,CustomerID,InvoiceDate,StockCode,Quantity,UnitPrice,Loyalty Level,Colour,Till,Shelf,Coupon,Empty"


def _line(order: int, line: int) -> str:
    customer, product = order % 7, (order * 3 + line * 5) % 11
    level, colour = ("gold", "tin")[customer % 2], ("red", "green", "blue")[product % 3]
    coupon = "XMAS" if line == 0 and order % 4 == 0 else ""
    moment = f"2025-0{1 + order % 6}-1{order % 9} 10:00"
    own = f"{level},{colour},T{order % 3},S{order * line % 5},{coupon},"
    return f"{1000 + order},{17000 + customer},{moment},P{product:03d},{1 + line},{product}.50,{own}"


def _shop(folder: Path) -> Path:
    path = folder / "shop.csv"
    path.write_text("\n".join((HEADER, *(_line(order, line) for order in range(40) for line in range(3)))) + "\n")
    return path


def test_a_column_belongs_to_the_coarsest_thing_for_which_it_never_differs(tmp_path: Path) -> None:
    tables = sources_of(proposed(_shop(tmp_path)))["shop"].tables
    assert {name: each.own for name, each in tables.items()} == {
        "customers": ("Loyalty Level",),
        "products": ("Colour",),
        "orders": ("Till",),
        "order_lines": (),
    }
    assert tables["order_lines"].extra


def test_every_column_without_a_place_is_told_as_kept(tmp_path: Path) -> None:
    proposal = proposed(_shop(tmp_path))
    (told,) = [each.render("en") for each in proposal.unmapped]
    assert told.endswith("kept under their own names: Loyalty Level, Colour, Till, Shelf, Coupon, Empty")
    assert "3 more columns are kept under their own names: Shelf, Coupon, Empty" in proposal.settings


def test_a_thing_that_another_file_describes_is_not_described_again(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("CustomerID,Name,City\n" + "".join(f"{17000 + each},Ana {each},Cebu\n" for each in range(7)))
    shop = sources_of(proposed(_shop(tmp_path), people))["shop"].tables
    assert "customers" not in shop
    assert shop["orders"].own == ("Loyalty Level", "Till")


def test_a_file_of_one_table_lists_nothing(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer id,city,tier\n1,Cebu,gold\n2,Davao,tin\n3,Cebu,tin\n")
    assert "extra:" not in proposed(path).settings
