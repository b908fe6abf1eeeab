"""A suggestion as a change of the scheme's own text: one segment divided, or two siblings made one.

Each change is made twice, as values and in the text; only when the text reads back as those values is it shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import yaml

from carpel.kernel.errors import CarpelError
from carpel.schemes.errors import SchemeError
from carpel.schemes.fingerprints import label_fingerprint, logic_fingerprint
from carpel.schemes.reading import read_scheme
from carpel.schemes.suggesting.editing import (
    Edit,
    Found,
    add,
    edited,
    entry,
    find,
    lines,
    put,
    remove_entry,
    remove_item,
    replace_entry,
)
from carpel.schemes.suggesting.joining import Joined
from carpel.schemes.suggesting.options import Option
from carpel.schemes.suggesting.wording import as_entries, parts_of
from carpel.schemes.values import Scheme, Segment


@dataclass(frozen=True, kw_only=True)
class Refinement:
    """A change that is ready to make.

    Attributes:
        scheme: The scheme after it.
        segments: The segments that it writes.
        yaml: What to write, as a piece of YAML.
        source: The whole text before.
        text: The whole text after it, all else as it was.
    """

    scheme: Scheme
    segments: tuple[Segment, ...]
    yaml: str
    source: str
    text: str


def divide(source: str, name: str, segment: str, option: Option) -> Refinement:
    """Divide a leaf as an option says.

    Args:
        source: The scheme's text.
        name: What to call it in places.
        segment: The leaf's key.
        option: The rule that divides it.

    Raises:
        SchemeError: There is no such leaf, or the text is written in a way that cannot be changed piece by piece.
    """
    scheme = read_scheme(source, name)
    if segment not in {leaf.key for leaf in scheme.leaves}:
        raise SchemeError("schemes.suggest-gone", place=name, segment=segment)
    parts = parts_of(scheme.segment(segment), option, scheme.paths)
    after = with_children(scheme, segment, parts)
    edit = add(source, find(source, scheme, segment), "segments", as_entries(parts))
    return _proved(source, [edit], after, parts)


def join(source: str, name: str, joined: Joined) -> Refinement:
    """Make one segment of two siblings.

    Raises:
        SchemeError: As `divide`.
    """
    scheme = read_scheme(source, name)
    after = with_children(scheme, joined.parent, joined.children)
    found = find(source, scheme, joined.parent)
    return _proved(source, _joining(source, found, joined), after, joined.written)


def with_children(scheme: Scheme, parent: str | None, children: Sequence[Segment]) -> Scheme:
    """The scheme with other parts of one segment; of the scheme itself where the parent is None."""
    if parent is None:
        return replace(scheme, segments=tuple(children))
    return replace(scheme, segments=_replaced(scheme.segments, parent, tuple(children)))


def _replaced(segments: Sequence[Segment], parent: str, children: tuple[Segment, ...]) -> tuple[Segment, ...]:
    return tuple(
        replace(each, segments=children)
        if each.key == parent
        else replace(each, segments=_replaced(each.segments, parent, children))
        for each in segments
    )


def _joining(source: str, found: Found, joined: Joined) -> list[Edit]:
    listed = entry(found.node, "segments") if not found.missing else None
    if not joined.children:
        return _undivided(source, found)
    if isinstance(listed, yaml.SequenceNode):
        return _in_list(source, listed, joined)
    entries = as_entries(joined.children)
    if found.missing or entry(found.node, "by") is None:
        return [add(source, found, "segments", entries)]
    gone = [remove_entry(source, found.node, "parts")] if entry(found.node, "parts") is not None else []
    return [replace_entry(source, found.node, "by", {"segments": entries}), *gone]


def _undivided(source: str, found: Found) -> list[Edit]:
    """The parent's own division taken away."""
    kinds = ("segments", "by", "parts")
    return [remove_entry(source, found.node, each) for each in kinds if entry(found.node, each) is not None]


def _in_list(source: str, listed: yaml.SequenceNode, joined: Joined) -> list[Edit]:
    items = {entry(item, "key").value: (index, item) for index, item in enumerate(listed.value)}
    edits = [remove_item(source, listed, items[joined.gone][0])]
    for segment in joined.written:
        item = items[segment.key][1]
        if segment.when:
            edits.append(put(source, item, "when", segment.when.source))
        if segment.key == joined.kept:
            edits.append(put(source, item, "label", dict(segment.label.by_language)))
    return edits


def _proved(source: str, edits: list[Edit], after: Scheme, written: Sequence[Segment]) -> Refinement:
    text = edited(source, edits)
    try:
        read = read_scheme(text, after.name)
    except CarpelError as error:
        raise SchemeError("schemes.suggest-cannot-edit", place=after.name) from error
    if (logic_fingerprint(read), label_fingerprint(read)) != (logic_fingerprint(after), label_fingerprint(after)):
        raise SchemeError("schemes.suggest-cannot-edit", place=after.name)
    piece = "\n".join(lines({"segments": as_entries(written)}))
    return Refinement(scheme=read, segments=tuple(written), yaml=f"{piece}\n", source=source, text=text)
