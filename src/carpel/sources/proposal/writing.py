"""carpel.yaml as text, with the reason beside every decision."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from carpel.kernel.texts import Text, text
from carpel.sources.proposal.locations import written_files
from carpel.sources.proposal.plan import AttributePlan, Plan, SourcePlan, TablePlan

_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w./-]|(?<!:) (?=[^\W\d_(]))*")
_RESERVED: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "none", "nan", "inf"})
_LONGEST_PLAIN_KEY: Final = 400
_FOUR_DIGITS: Final = 0xFFFF
_NAMES_SHOWN: Final = 20


def written(plan: Plan, folder: str, language: str) -> str:
    """The text of carpel.yaml.

    Args:
        plan: What it says.
        folder: The workspace's folder, to which paths are relative where that is possible.
        language: The language of the comments.
    """
    lines = [*_heading(plan, language), *_sources(plan, folder, language), *_attributes(plan, language)]
    return "\n".join(lines) + "\n"


def scalar(value: object) -> str:
    """A value as YAML reads it back exactly: plain where that is safe, else in double quotes."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return repr(value)
    plain = str(value)
    if _PLAIN.fullmatch(plain) and plain.lower() not in _RESERVED:
        return plain
    quoted = json.dumps(plain, ensure_ascii=False)
    return "".join(each if _is_writable(each) else _escaped(each) for each in quoted)


def flow(value: object) -> str:
    """A value on one line: a mapping, a list or a scalar."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(key))}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return scalar(value)


def _key(name: str) -> str:
    # YAML takes a key without a mark only up to 1,024 characters.
    shown = scalar(name)
    return shown if len(shown) <= _LONGEST_PLAIN_KEY else f"? {shown} "


def _is_writable(character: str) -> bool:
    return character.isprintable() or character == "\u3000"


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= _FOUR_DIGITS else f"\\U{code:08x}"


def _comment(reason: Text | None, language: str) -> str:
    """A reason as a comment that stays on its line, whatever stands in the file."""
    if reason is None:
        return ""
    shown = "".join(each if _is_writable(each) else " " for each in reason.render(language))
    return f"  # {' '.join(shown.split())}"


def _alone(key: str, language: str, indent: str = "", **params: str | int) -> str:
    return f"{indent}#{_comment(text(f'proposal.{key}', **params), language)[3:]}"


def _heading(plan: Plan, language: str) -> Iterator[str]:
    yield _alone("file-heading", language)
    yield f"workspace: {scalar(plan.workspace)}"
    yield f"currency: {scalar(plan.currency.value)}{_comment(plan.currency.why, language)}"
    yield f"time_zone: {scalar(plan.time_zone.value)}{_comment(plan.time_zone.why, language)}"
    yield f"engine: duckdb{_comment(text('proposal.setting-engine'), language)}"
    yield f"store: sqlite{_comment(text('proposal.setting-store'), language)}"
    yield f"runs: .carpel/runs{_comment(text('proposal.setting-runs'), language)}"
    yield f"revenue: {scalar(plan.revenue.value)}{_comment(plan.revenue.why, language)}"


def _sources(plan: Plan, folder: str, language: str) -> Iterator[str]:
    yield ""
    yield "sources:"
    for source in plan.sources:
        yield f"  {_key(source.seen.name)}:{_comment(source.why, language)}"
        yield from _files(source, folder)
        yield from _read(source, language)
        yield from _tables(source, language)
        yield from _left(source, language)


def _files(source: SourcePlan, folder: str) -> Iterator[str]:
    found = written_files(source.seen.dataset.files, folder)
    yield f"    files: {flow(found[0] if len(found) == 1 else list(found))}"


def _read(source: SourcePlan, language: str) -> Iterator[str]:
    read = source.seen.dataset.read.to_yaml() | dict(source.read)
    if read:
        yield f"    read: {flow(read)}{_comment(text('proposal.setting-read'), language)}"


def _tables(source: SourcePlan, language: str) -> Iterator[str]:
    if not source.tables:
        return
    yield "    tables:"
    for table in source.tables:
        yield f"      {table.table}:{_comment(table.why, language)}"
        yield from _table(table, language)


def _table(table: TablePlan, language: str) -> Iterator[str]:
    if table.where:
        yield f"        where: {scalar(table.where)}{_comment(table.where_why, language)}"
    for column in table.columns:
        yield f"        {column.name}: {flow(column.form)}{_comment(column.why, language)}"
    if table.own:
        yield f"        extra: {flow(table.own)}{_comment(table.own_why, language)}"


def _left(source: SourcePlan, language: str) -> Iterator[str]:
    said = {*source.used, *(name for table in source.tables for name in table.own)}
    left = [each.name for each in source.seen.columns if each.name not in said]
    if left:
        key = "columns-kept" if source.tables else "columns-unused"
        shown = ", ".join(left[:_NAMES_SHOWN]) + ("…" if len(left) > _NAMES_SHOWN else "")
        yield _alone(key, language, "    ", count=len(left), columns=shown)


def _attributes(plan: Plan, language: str) -> Iterator[str]:
    yield ""
    yield _alone("attributes-heading", language)
    if plan.attributes:
        yield "attributes:"
        for attribute in plan.attributes:
            yield from _attribute(attribute, language)
        return
    for line in _EXAMPLE:
        yield f"# {line}"


def _attribute(attribute: AttributePlan, language: str) -> Iterator[str]:
    yield f"  {_key(attribute.key)}:{_comment(attribute.why, language)}"
    yield f"    from: {attribute.table}"
    yield f"    value: {scalar(attribute.value)}"
    yield f"    label: {flow(attribute.labels)}"


_EXAMPLE: Final = (
    "attributes:",
    "  web_spend_90d:",
    "    from: orders",
    "    value: sum(amount) filter (where channel = 'web')",
    "    within: 90 days",
    "    label: {en: Web spend in the last 90 days}",
)
