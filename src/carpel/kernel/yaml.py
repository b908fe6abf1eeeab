"""YAML that people write, read with the place of every value and without any surprise.

Only plain mappings, lists and scalars: no tags, no anchors, no aliases (so no entity bombs), no duplicate keys,
bounded size and depth. Scalars are text, whole numbers, decimals, booleans, dates or null; unlike YAML 1.1,
`yes`, `no`, `on` and `off` stay text, so that a category called `no` is not `False`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from carpel.kernel.errors import CarpelError

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 60


@dataclass(frozen=True)
class Node:
    """A value of a YAML file with its place.

    Attributes:
        value: A `dict[str, Node]`, a `list[Node]`, or a scalar (str, int, float, bool, date, None).
        place: `file:line:column`, as editors read it.
    """

    value: Any
    place: str

    def plain(self) -> Any:
        """The value with the places taken off."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def mapping(self) -> dict[str, Node]:
        """Its entries by key; `CarpelError` where it is something else. Null is an empty mapping."""
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            raise CarpelError("kernel.yaml-not-mapping", place=self.place)
        return self.value

    def items(self) -> list[Node]:
        """Its elements; `CarpelError` where it is something else. Null is an empty list."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise CarpelError("kernel.yaml-not-list", place=self.place)
        return self.value

    def text(self) -> str:
        """Its text; numbers and dates as written by Python; `CarpelError` where it is not a scalar."""
        if isinstance(self.value, dict | list) or self.value is None:
            raise CarpelError("kernel.yaml-not-text", place=self.place)
        return str(self.value)


class _Loader(yaml.SafeLoader):
    """SafeLoader with YAML 1.2's idea of a boolean."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false|True|False)$"), list("tTfF"))


def read_yaml(source: str, name: str) -> Node:
    """Read one document.

    Args:
        source: The text.
        name: What to call it in places, usually the file's path as the user knows it.

    Raises:
        CarpelError: Not YAML, or YAML that Carpel does not take (see the module); says where.
    """
    if len(source.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise CarpelError("kernel.yaml-too-large", place=name, limit=MAX_BYTES)
    try:
        _refuse_surprises(source, name)
        loader = _Loader(source)
        try:
            root = loader.get_single_node()
            return Node(None, f"{name}:1:1") if root is None else _node(loader, root, name)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _broken(error, name) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise CarpelError("kernel.yaml-broken", place=name, problem=str(error).split("\n")[0]) from error


def read_yaml_file(path: Path) -> Node:
    """Read one file; `CarpelError` where it cannot be read or is not UTF-8."""
    try:
        return read_yaml(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise CarpelError("kernel.yaml-not-utf8", place=str(path)) from error
    except OSError as error:
        raise CarpelError("kernel.file-unreadable", place=str(path), problem=error.strerror or "") from error


_MISTAKES: Final = (
    ("mapping values are not allowed", "kernel.yaml-colon"),
    ("found unexpected end of stream", "kernel.yaml-open-quote"),
    ("but got '<stream end>'", "kernel.yaml-open-bracket"),
    ("expected ',' or", "kernel.yaml-comma"),
    (r"found character '\t'", "kernel.yaml-tab"),
    ("that cannot start any token", "kernel.yaml-odd-sign"),
    ("expected <block end>, but found '<scalar>'", "kernel.yaml-after-quote"),
    ("expected <block end>", "kernel.yaml-indentation"),
)
"""What people get wrong most, by what the parser says of it."""


def _broken(error: yaml.MarkedYAMLError, name: str) -> CarpelError:
    """The parser's mistake in the reader's language, with what to do; its own words where it is a rare one."""
    place, problem = _place(name, error.problem_mark or error.context_mark), error.problem or ""
    known = next((key for said, key in _MISTAKES if said in problem), None)
    return CarpelError(known, place=place) if known else CarpelError("kernel.yaml-broken", place=place, problem=problem)


def _place(name: str, mark: Any) -> str:
    return f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name


def _refuse_surprises(source: str, name: str) -> None:
    """Walk the events first: depth is bounded before anything recurses, and aliases never expand."""
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        place = _place(name, event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CarpelError("kernel.yaml-alias", place=place)
        if getattr(event, "tag", None):
            raise CarpelError("kernel.yaml-tag", place=place)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise CarpelError("kernel.yaml-too-deep", place=place, limit=MAX_DEPTH)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _node(loader: _Loader, node: yaml.Node, name: str) -> Node:
    place = _place(name, node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return Node(dict(_entries(loader, node, name)), place)
    if isinstance(node, yaml.SequenceNode):
        return Node([_node(loader, child, name) for child in node.value], place)
    return Node(loader.construct_object(node), place)


def _entries(loader: _Loader, node: yaml.MappingNode, name: str) -> Iterator[tuple[str, Node]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        place = _place(name, key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            raise CarpelError("kernel.yaml-key", place=place)
        key = key_node.value
        if key in seen:
            raise CarpelError("kernel.yaml-duplicate", place=place, key=key)
        seen.add(key)
        yield key, _node(loader, value_node, name)
