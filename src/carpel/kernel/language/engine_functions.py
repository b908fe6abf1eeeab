"""The functions of the language for engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import ibis

from carpel.kernel.language.tree import Call, Literal, Node
from carpel.kernel.types import ValueType

if TYPE_CHECKING:
    from carpel.kernel.language.compiling import Compiler


_WHOLE_FROM: Final = 2.0**52


# Ibis's own round, floor and ceil cast to a whole number, which fails for large ones.
@ibis.udf.scalar.builtin(name="round")  # type: ignore[untyped-decorator]
def _round(number: float) -> float:  # type: ignore[empty-body]
    """Half away from zero."""


@ibis.udf.scalar.builtin(name="floor")  # type: ignore[untyped-decorator]
def _floor(number: float) -> float:  # type: ignore[empty-body]
    """The next whole number below."""


@ibis.udf.scalar.builtin(name="ceil")  # type: ignore[untyped-decorator]
def _ceil(number: float) -> float:  # type: ignore[empty-body]
    """The next whole number above."""


def _round_to(compiler: Compiler, call: Call) -> Any:
    number = compiler.number(call.arguments[0])
    scale = float(10 ** _digits(call))
    return _round(number * scale) / scale if scale > 1 else _round(number)


def _whole_below(compiler: Compiler, call: Call) -> Any:
    return _if_fractional(_floor, compiler.number(call.arguments[0]))


def _whole_above(compiler: Compiler, call: Call) -> Any:
    return _if_fractional(_ceil, compiler.number(call.arguments[0]))


def _if_fractional(rounded: Callable[[Any], Any], number: Any) -> Any:
    """Larger numbers are whole anyway, and Spark, which answers in int64, has no place for them."""
    return ibis.ifelse(number.abs() < _WHOLE_FROM, rounded(number), number)


def _digits(call: Call) -> int:
    given = call.arguments[1:]
    return int(given[0].value) if given and isinstance(given[0], Literal) else 0  # type: ignore[arg-type]


def _day(compiler: Compiler, node: Node) -> Any:
    value = compiler.value(node)
    return value.cast("date") if node.type is ValueType.INSTANT else value


def _days_between(compiler: Compiler, call: Call) -> Any:
    first, second = (_day(compiler, argument) for argument in call.arguments)
    return second.delta(first, unit="day").cast("int64")


FUNCTIONS: Final[Mapping[str, Callable[[Compiler, Call], Any]]] = {
    "abs": lambda compiler, call: compiler.number(call.arguments[0]).abs(),
    "round": _round_to,
    "floor": _whole_below,
    "ceil": _whole_above,
    "least": lambda compiler, call: ibis.least(*compiler.alike(call.arguments)),
    "greatest": lambda compiler, call: ibis.greatest(*compiler.alike(call.arguments)),
    "coalesce": lambda compiler, call: ibis.coalesce(*compiler.alike(call.arguments)),
    "lower": lambda compiler, call: compiler.value(call.arguments[0]).lower(),
    "upper": lambda compiler, call: compiler.value(call.arguments[0]).upper(),
    "length": lambda compiler, call: compiler.value(call.arguments[0]).length().cast("int64"),
    "days_between": _days_between,
    "year": lambda compiler, call: compiler.value(call.arguments[0]).year().cast("int64"),
    "month": lambda compiler, call: compiler.value(call.arguments[0]).month().cast("int64"),
}
