"""YAML that people write, without surprises."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.errors import CarpelError
from carpel.kernel.yaml import MAX_BYTES, read_yaml, read_yaml_file

REFUSED = {
    "a: &anchor 1\nb: *anchor": ("yaml-alias", "f:1:4"),
    "a: 1\nb: *nowhere": ("yaml-alias", "f:2:4"),
    "a: !!python/object/apply:os.system ['true']": ("yaml-tag", "f:1:4"),
    "a: !secret x": ("yaml-tag", "f:1:4"),
    "a: 1\nb: 2\na: 3": ("yaml-duplicate", "f:3:1"),
    "? [1, 2]\n: 3": ("yaml-key", "f:1:3"),
    "a: [1, 2": ("yaml-open-bracket", "f:1:9"),
    "a: 'open": ("yaml-open-quote", "f:1:9"),
    "a: 1\n\tb: 2": ("yaml-tab", "f:2:1"),
    "a: b: c": ("yaml-colon", "f:1:5"),
    "a: @x": ("yaml-odd-sign", "f:1:4"),
    "a: 'x' y": ("yaml-after-quote", "f:1:8"),
    "a:\n  b: 1\n c: 2": ("yaml-indentation", "f:3:2"),
    "a: {b: c in ('x', 'y')}": ("yaml-comma", "f:1:22"),
    "a: 1\n---\nb: 2": ("yaml-broken", "f:2:1"),
    "[" * 100: ("yaml-too-deep", "f:1:61"),
    "a: " + "{b: " * 5_000: ("yaml-too-deep", "f:1:240"),
    "a: 2025-02-30": ("yaml-broken", "f"),
    "a: " + "x" * MAX_BYTES: ("yaml-too-large", "f"),
    "a: \x00": ("yaml-broken", "f"),
}


@pytest.mark.parametrize(("source", "refusal"), REFUSED.items(), ids=[source[:20] for source in REFUSED])
def test_a_surprise_is_refused_where_it_stands(source: str, refusal: tuple[str, str]) -> None:
    """Tags, anchors, twice the same name, bombs: each is an error with its place."""
    with pytest.raises(CarpelError) as caught:
        read_yaml(source, "f")
    assert (caught.value.text.key, caught.value.place) == (f"kernel.{refusal[0]}", refusal[1])


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("False", False),
        ("1", 1),
        ("1.5", 1.5),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ("2025-07-01", date(2025, 7, 1)),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
    ],
)
def test_scalars_are_what_they_look_like(source: str, value: object) -> None:
    """A category called no is not False."""
    assert read_yaml(source, "f").plain() == value


def test_every_value_has_its_place() -> None:
    """Places lead an editor to the value."""
    root = read_yaml("a: 1\nb:\n  - x\n  - {c: y}\n", "dir/f.yaml")
    second = root.mapping()["b"].items()[1]
    assert second.place == "dir/f.yaml:4:5"
    assert second.mapping()["c"].place == "dir/f.yaml:4:9"


def test_something_else_than_expected_is_an_error_at_its_place() -> None:
    """A list for a mapping, a mapping for a text."""
    node = read_yaml("a: [1]", "f").mapping()["a"]
    for read, key in ((node.mapping, "yaml-not-mapping"), (node.text, "yaml-not-text")):
        with pytest.raises(CarpelError) as caught:
            read()
        assert (caught.value.text.key, caught.value.place) == (f"kernel.{key}", "f:1:4")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """No such file, or not UTF-8."""
    (tmp_path / "latin.yaml").write_bytes("a: ñ".encode("latin-1"))
    for name, key in (("absent.yaml", "file-unreadable"), ("latin.yaml", "yaml-not-utf8")):
        with pytest.raises(CarpelError) as caught:
            read_yaml_file(tmp_path / name)
        assert caught.value.text.key == f"kernel.{key}"
        assert name in str(caught.value.place)


@given(st.text(max_size=80) | st.text(st.sampled_from("ab:- [],{}'\"\n#&*!|>?%@`0"), max_size=40))
def test_any_text_is_yaml_or_an_error(source: str) -> None:
    """There is no third way."""
    try:
        read_yaml(source, "f").plain()
    except CarpelError as error:
        assert str(error.place).startswith("f")  # noqa: PT017
