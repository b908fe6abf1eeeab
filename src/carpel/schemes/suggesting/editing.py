"""Changes to a scheme's YAML that leave all else as its owner wrote it, comments and spaces included.

Nothing is trusted: whoever edits reads the result and compares it with what it should say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import SEPARATOR
from carpel.schemes.values import Scheme

_ENDLESS: Final = 1_000_000
_STEP: Final = 2


@dataclass(frozen=True)
class Found:
    """Where a segment stands, as far down as it is written.

    Attributes:
        node: The innermost mapping that is there.
        missing: The keys that lead on from there to the segment, where it is a label of a partition that has no entry.
    """

    node: yaml.MappingNode
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edit:
    """A piece of text in place of another."""

    start: int
    end: int
    text: str


def edited(source: str, edits: Sequence[Edit]) -> str:
    """The text with all edits made."""
    for each in sorted(edits, key=lambda edit: edit.start, reverse=True):
        source = source[: each.start] + each.text + source[each.end :]
    return source


def find(source: str, scheme: Scheme, key: str | None) -> Found:
    """The mapping of a segment; of the scheme itself where the key is None.

    Raises:
        SchemeError: It is not written as the scheme says.
    """
    root = yaml.compose(source, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise SchemeError("schemes.suggest-cannot-edit", place=scheme.name)
    found, above = Found(root), ""
    for step in scheme.paths[key] if key is not None else ():
        label = step.removeprefix(above + SEPARATOR) if above else step
        found, above = _below(found, step, label, scheme), step
    return found


def _below(found: Found, key: str, label: str, scheme: Scheme) -> Found:
    if found.missing:
        return Found(found.node, (*found.missing, "parts", label))
    segments = entry(found.node, "segments")
    if isinstance(segments, yaml.SequenceNode):
        for item in segments.value:
            named = entry(item, "key") if isinstance(item, yaml.MappingNode) else None
            if named is not None and named.value == key:
                return Found(item)
        raise SchemeError("schemes.suggest-cannot-edit", place=scheme.name)
    parts = entry(found.node, "parts")
    if parts is None:
        return Found(found.node, ("parts", label))
    part = entry(parts, label)
    return Found(parts, (label,)) if part is None else Found(part)


def entry(node: yaml.Node, key: str) -> Any:
    """The value of an entry; None where there is none."""
    return next((value for name, value in node.value if name.value == key), None) if _is_mapping(node) else None


def add(source: str, found: Found, key: str, value: Any) -> Edit:
    """Write one more entry at the end of a mapping, below the entries that are missing on the way."""
    for name in reversed((*found.missing, key)):
        value = {name: value}
    return add_to(source, found.node, value)


def add_to(source: str, node: yaml.Node, entries: Mapping[str, Any]) -> Edit:
    """Write entries at the end of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        raise SchemeError("schemes.suggest-cannot-edit", place=str(node.start_mark.line + 1))
    if node.flow_style:
        at = len(source[: node.end_mark.index - 1].rstrip())
        comma = ", " if node.value and not source[:at].endswith(",") else ""
        return Edit(at, node.end_mark.index - 1, f"{comma}{inline(entries)[1:-1]}")
    at = line_end(source, node)
    margin = " " * node.start_mark.column
    return Edit(at, at, "".join(f"\n{margin}{line}" for line in lines(entries)))


def put(source: str, entry_of: yaml.MappingNode, key: str, value: Any) -> Edit:
    """Write another value for an entry; a new entry where there is none."""
    node = entry(entry_of, key)
    if node is None:
        return add_to(source, entry_of, {key: value})
    written = inline([value])[1:-1] if entry_of.flow_style else _value(value)
    return Edit(node.start_mark.index, last(source, node), written)


def replace_entry(source: str, node: yaml.MappingNode, key: str, entries: Mapping[str, Any]) -> Edit:
    """Write entries in place of one, in a mapping that has a line for each."""
    name, value = next((name, value) for name, value in node.value if name.value == key)
    margin = " " * node.start_mark.column
    return Edit(name.start_mark.index, line_end(source, value), f"\n{margin}".join(lines(entries)))


def remove_entry(source: str, node: yaml.MappingNode, key: str) -> Edit:
    """Take an entry out of a mapping."""
    index = next(index for index, (name, _) in enumerate(node.value) if name.value == key)
    name, value = node.value[index]
    if not node.flow_style:
        return Edit(_line_start(source, name.start_mark.index), line_end(source, value) + 1, "")
    if index:
        return Edit(last(source, node.value[index - 1][1]), last(source, value), "")
    after = node.value[1][0].start_mark.index if len(node.value) > 1 else last(source, value)
    return Edit(name.start_mark.index, after, "")


def remove_item(source: str, node: yaml.SequenceNode, index: int) -> Edit:
    """Take an item out of a list of at least two."""
    item = node.value[index]
    if not node.flow_style:
        dash = source.rindex("-", 0, item.start_mark.index)
        return Edit(_line_start(source, dash), line_end(source, item) + 1, "")
    if index:
        return Edit(last(source, node.value[index - 1]), last(source, item), "")
    return Edit(item.start_mark.index, node.value[1].start_mark.index, "")


def lines(entries: Mapping[str, Any]) -> Iterator[str]:
    """Entries one below the other; lists of entries indented, all else on one line."""
    for key, value in entries.items():
        if isinstance(value, list):
            yield f"{inline([key])[1:-1]}:"
            for item in value:
                first, *others = lines(item)
                yield f"  - {first}"
                yield from (f"    {line}" for line in others)
        elif isinstance(value, dict) and any(isinstance(each, dict | list) for each in value.values()):
            yield f"{inline([key])[1:-1]}:"
            yield from (f"{' ' * _STEP}{line}" for line in lines(value))
        else:
            yield f"{inline([key])[1:-1]}: {_value(value)}"


def inline(value: Any) -> str:
    """A value on one line."""
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=_ENDLESS)
    return str(written).removesuffix("\n...\n").strip()


def last(source: str, node: yaml.Node) -> int:
    """Where a node's own text ends: a block's mark lies beyond the comments and blank lines that follow it."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return len(source[: node.end_mark.index].rstrip())
    inner = node.value[-1] if node.value else None
    if isinstance(inner, tuple):
        inner = inner[1]
    return last(source, inner) if inner else node.end_mark.index


def line_end(source: str, node: yaml.Node) -> int:
    """The end of the line on which a node ends, with the comment there."""
    end = source.find("\n", last(source, node))
    return len(source) if end < 0 else end


def _line_start(source: str, at: int) -> int:
    return source.rfind("\n", 0, at) + 1


def _is_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _value(value: Any) -> str:
    return inline(value) if isinstance(value, dict) else inline([value])[1:-1] if _needs_care(value) else str(value)


def _needs_care(value: Any) -> bool:
    """Whether text must be quoted even outside of a list."""
    if not isinstance(value, str):
        return True
    written = yaml.safe_dump(value, allow_unicode=True, width=_ENDLESS)
    return str(written).removesuffix("\n...\n").strip() != value
