"""The short list of functions, and aggregates: what each takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from carpel.kernel.language.errors import LanguageError
from carpel.kernel.language.kinds import Kind, common_type, is_null, kind
from carpel.kernel.language.literals import as_date, is_text, require_known_value
from carpel.kernel.language.remedies import nearest_of
from carpel.kernel.language.syntax import Tree, span, tokens, trees
from carpel.kernel.language.tree import Aggregate, Call, Contains, Literal, Name, Node, walk
from carpel.kernel.texts import Parameter
from carpel.kernel.types import ValueType

if TYPE_CHECKING:
    from carpel.kernel.language.reading import Reader

PRODUCTS_OWNED: Final = "products_owned"
MAX_ROUNDED_DIGITS: Final = 9


@dataclass(frozen=True)
class Signature:
    """What a function takes.

    Attributes:
        arguments: The kinds that each argument may have.
        more: Whether the last argument may be repeated; at least once.
        optional: How many of the last arguments may be left out.
        gives: Its type; None where that follows from the arguments.
    """

    arguments: tuple[frozenset[Kind], ...]
    more: bool = False
    optional: int = 0
    gives: ValueType | None = None


_NUMBER: Final = frozenset({Kind.NUMBER})
_TEXT: Final = frozenset({Kind.TEXT})
_DATE: Final = frozenset({Kind.DATE})
_ORDERED: Final = _NUMBER | _TEXT | _DATE
_SINGLE: Final = _ORDERED | {Kind.CONDITION}

FUNCTIONS: Final[Mapping[str, Signature]] = {
    "abs": Signature((_NUMBER,)),
    "round": Signature((_NUMBER, _NUMBER), optional=1),
    "floor": Signature((_NUMBER,)),
    "ceil": Signature((_NUMBER,)),
    "least": Signature((_ORDERED, _ORDERED), more=True),
    "greatest": Signature((_ORDERED, _ORDERED), more=True),
    "coalesce": Signature((_SINGLE, _SINGLE), more=True),
    "lower": Signature((_TEXT,), gives=ValueType.TEXT),
    "upper": Signature((_TEXT,), gives=ValueType.TEXT),
    "length": Signature((_TEXT | {Kind.SET},), gives=ValueType.INTEGER),
    "days_between": Signature((_DATE, _DATE), gives=ValueType.INTEGER),
    "year": Signature((_DATE,), gives=ValueType.INTEGER),
    "month": Signature((_DATE,), gives=ValueType.INTEGER),
}
OWNS: Final = "owns"

AGGREGATES: Final[Mapping[str, frozenset[Kind]]] = {
    "sum": _NUMBER,
    "avg": _NUMBER,
    "median": _NUMBER,
    "min": _ORDERED,
    "max": _ORDERED,
    "count": _SINGLE,
}
_OF_ONE_ROW: Final = {"min": "least", "max": "greatest"}


class CallReader:
    """Reads one call of a function."""

    def __init__(self, reader: Reader, tree: Tree) -> None:
        self._reader = reader
        self._source = reader.source
        self._tree = tree
        name, *words = tokens(tree)
        self._at = span(name)
        self._name = str(name).lower()
        self._tokens = {word.type for word in words}
        self._filter = next((each for each in trees(tree) if each.data == "filter"), None)
        self._arguments = [each for each in trees(tree) if each is not self._filter]

    def read(self) -> Node:
        """The call as a typed node."""
        if self._name in AGGREGATES:
            return self._aggregate()
        self._refuse_rows_words()
        if self._name == OWNS:
            return self._owns()
        signature = FUNCTIONS.get(self._name)
        if signature is None:
            known = (*FUNCTIONS, OWNS, *(AGGREGATES if self._reader.aggregates else ()))
            raise self._error("language.unknown-function", name=self._name, hint=nearest_of(self._name, known))
        return self._call(signature)

    def _call(self, signature: Signature) -> Node:
        self._require_count(signature)
        joined = signature.gives is None and len(signature.arguments) > 1 and not signature.optional
        arguments = [self._reader.node(tree) if joined else self._reader.value(tree) for tree in self._arguments]
        arguments = self._dated(signature, arguments)
        for position, argument in enumerate(arguments):
            self._require_kind(argument, signature.arguments[min(position, len(signature.arguments) - 1)])
        if joined:
            return self._joined(arguments)
        if self._name == "round":
            self._require_digits(arguments[1:])
        gives = signature.gives or _float(arguments[0].type)
        return Call(type=gives, span=span(self._tree), function=self._name, arguments=tuple(arguments))

    def _joined(self, arguments: Sequence[Node]) -> Node:
        """`least`, `greatest`, `coalesce`: arguments of one kind, of which one is the result."""
        agreed = self._reader.agreeing(arguments)
        gives = common_type(agreed)
        typed = tuple(replace(each, type=gives) if is_null(each) else each for each in agreed)
        return Call(type=gives, span=span(self._tree), function=self._name, arguments=typed)

    def _owns(self) -> Node:
        if len(self._arguments) != 1:
            raise self._error("language.arguments", function=OWNS, wanted=1, given=len(self._arguments))
        symbol = self._reader.symbols.get(PRODUCTS_OWNED)
        if symbol is None or symbol.type is not ValueType.SET:
            raise self._error("language.owns-without-products", name=PRODUCTS_OWNED)
        element = self._reader.value(self._arguments[0])
        self._require_kind(element, _TEXT)
        collection = Name(type=ValueType.SET, span=self._at, symbol=symbol)
        if isinstance(element, Literal):
            require_known_value(self._source, collection, element)
        return Contains(type=ValueType.BOOLEAN, span=span(self._tree), collection=collection, element=element)

    def _aggregate(self) -> Node:
        if not self._reader.aggregates:
            one_row = _OF_ONE_ROW.get(self._name)
            if one_row:
                raise self._error("language.aggregate-of-one-row", function=self._name, instead=one_row)
            raise self._error("language.no-aggregates", function=self._name)
        operand = self._operand()
        where = self._reader.condition(trees(self._filter)[0]) if self._filter else None
        for inner in (operand, where):
            self._refuse_nested(inner)
        return Aggregate(
            type=self._aggregate_type(operand),
            span=span(self._tree),
            function=self._name,
            operand=operand,
            distinct="DISTINCT" in self._tokens,
            where=where,
        )

    def _operand(self) -> Node | None:
        if self._name == "count" and not self._arguments and "DISTINCT" not in self._tokens:
            return None
        if len(self._arguments) != 1:
            raise self._error("language.arguments", function=self._name, wanted=1, given=len(self._arguments))
        if "DISTINCT" in self._tokens and self._name != "count":
            raise self._error("language.distinct", function=self._name)
        operand = self._reader.value(self._arguments[0])
        self._require_kind(operand, AGGREGATES[self._name])
        return operand

    def _aggregate_type(self, operand: Node | None) -> ValueType:
        if operand is None or self._name == "count":
            return ValueType.INTEGER
        if self._name in {"min", "max"} or operand.type is ValueType.MONEY:
            return operand.type
        if self._name == "sum":
            return ValueType.INTEGER if operand.type is ValueType.INTEGER else ValueType.NUMBER
        return ValueType.SHARE if operand.type is ValueType.SHARE else ValueType.NUMBER

    def _refuse_nested(self, inner: Node | None) -> None:
        for node in walk(inner) if inner else ():
            if isinstance(node, Aggregate):
                raise self._source.error("language.nested-aggregate", node.span, function=node.function)

    def _refuse_rows_words(self) -> None:
        """`*`, `distinct` and `filter` belong to aggregates."""
        if "STAR" in self._tokens or "DISTINCT" in self._tokens or self._filter:
            raise self._error("language.only-aggregates", function=self._name)

    def _dated(self, signature: Signature, arguments: list[Node]) -> list[Node]:
        """Written dates, where only a date fits."""
        if signature.arguments[0] != _DATE:
            return arguments
        zone = self._reader.time_zone
        return [
            as_date(self._source, each, ValueType.DATE, zone) if isinstance(each, Literal) and is_text(each) else each
            for each in arguments
        ]

    def _require_count(self, signature: Signature) -> None:
        most, given = len(signature.arguments), len(self._arguments)
        enough = most - signature.optional <= given
        if not enough or (given > most and not signature.more):
            raise self._error("language.arguments", function=self._name, wanted=most, given=given)

    def _require_kind(self, argument: Node, kinds: frozenset[Kind]) -> None:
        if is_null(argument) or kind(argument) in kinds:
            return
        found = kind(argument).shown
        wanted = min(kinds).shown
        raise self._source.error("language.argument", argument.span, function=self._name, wanted=wanted, kind=found)

    def _require_digits(self, digits: Sequence[Node]) -> None:
        for each in digits:
            value = each.value if isinstance(each, Literal) else None
            if not isinstance(value, int) or not 0 <= value <= MAX_ROUNDED_DIGITS:
                raise self._source.error("language.digits", each.span, limit=MAX_ROUNDED_DIGITS)

    def _error(self, key: str, **params: Parameter) -> LanguageError:
        return self._source.error(key, self._at, **params)


def _float(of: ValueType) -> ValueType:
    return ValueType.MONEY if of is ValueType.MONEY else ValueType.NUMBER
