"""Read an expression: syntax, names and types, all before anything is computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from carpel.kernel.language.errors import Source
from carpel.kernel.language.reading import Reader
from carpel.kernel.language.symbols import Symbol
from carpel.kernel.language.syntax import syntax, trees
from carpel.kernel.language.tree import Aggregate, Expression, Name, Node


def parse(source: str, symbols: Mapping[str, Symbol], *, place: str, time_zone: str = "UTC") -> Expression:
    """Read an expression over one row's values.

    Args:
        source: The expression.
        symbols: What it may name.
        place: Where it stands, as `file:line:column`; errors add the position within it.
        time_zone: Where a written day begins when it is compared with a moment.

    Raises:
        LanguageError: It cannot be read; says where and what to write.
    """
    written = Source(source, place)
    reader = Reader(written, symbols, time_zone)
    return Expression(reader.value(trees(syntax(written))[0]), written)


def parse_condition(source: str, symbols: Mapping[str, Symbol], *, place: str, time_zone: str = "UTC") -> Expression:
    """Read an expression that is true, false or unknown; otherwise as `parse`."""
    written = Source(source, place)
    reader = Reader(written, symbols, time_zone)
    return Expression(reader.condition(trees(syntax(written))[0]), written)


def parse_aggregate(
    source: str,
    symbols: Mapping[str, Symbol],
    *,
    place: str,
    parameters: Collection[str] = (),
    time_zone: str = "UTC",
) -> Expression:
    """Read an expression over many rows, such as `sum(amount) filter (where channel = 'web')`.

    Args:
        source: The expression.
        symbols: The columns and parameters that it may name.
        place: Where it stands, as `file:line:column`; errors add the position within it.
        parameters: Symbols that are one value for all rows; only they may stand outside of an aggregate.
        time_zone: Where a written day begins when it is compared with a moment.

    Raises:
        LanguageError: It cannot be read; says where and what to write.
    """
    written = Source(source, place)
    reader = Reader(written, symbols, time_zone, aggregates=True)
    root = reader.value(trees(syntax(written))[0])
    _require_aggregated(written, root, parameters)
    return Expression(root, written)


def _require_aggregated(written: Source, node: Node, parameters: Collection[str]) -> None:
    if isinstance(node, Name) and node.symbol.name not in parameters:
        raise written.error("language.not-aggregated", node.span, name=node.symbol.name)
    if not isinstance(node, Aggregate):
        for part in node.parts():
            _require_aggregated(written, part, parameters)
