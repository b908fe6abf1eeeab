"""Queries as text in an engine's dialect: compiled once, and shown to people."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from threading import Lock
from typing import Any

import ibis
import ibis.expr.operations as ops

from carpel.kernel.engine import Query, Step
from carpel.kernel.texts import Text


class Statements:
    """One dialect's statements; what was compiled is remembered, so that further file sets cost no compilation."""

    def __init__(self, dialect: str, quote: str) -> None:
        self._dialect = dialect
        self._quote = quote
        self._compiled: dict[Any, str] = {}
        self._compiling = Lock()

    def of(self, query: Query) -> str:
        """What runs; steps are named parts of one statement."""
        steps = steps_of(query)
        key = tuple(step.query.op() for step in steps)
        with self._compiling:
            if key not in self._compiled:
                *before, last = [(step.name, self._text(step.query)) for step in steps]
                named = ", ".join(f"{self.name(name)} AS ({statement})" for name, statement in before)
                self._compiled[key] = f"WITH {named} SELECT * FROM ({last[1]})" if before else last[1]
            return self._compiled[key]

    def shown(self, query: Query) -> str:
        """The same for a person, each step under its sentence."""
        steps = steps_of(query)
        if len(steps) == 1:
            return self._text(steps[0].query, pretty=True)
        named = [
            f"-- {step.sentence}\n{self.name(step.name)} AS (\n{indent(self._text(step.query, pretty=True), '  ')}\n)"
            for step in steps
        ]
        return "WITH\n" + ",\n\n".join(named) + f"\n\nSELECT * FROM {self.name(steps[-1].name)}"

    def name(self, name: str) -> str:
        """A name, quoted."""
        return self._quote + name.replace(self._quote, 2 * self._quote) + self._quote

    def _text(self, expression: Any, *, pretty: bool = False) -> str:
        return str(ibis.to_sql(expression, dialect=self._dialect, pretty=pretty))


def steps_of(query: Query) -> tuple[Step, ...]:
    """A query as steps; a single expression is the only one."""
    return query if isinstance(query, tuple) else (Step("result", Text(""), query),)


def read_tables(query: Query) -> Iterator[Any]:
    """The tables that a query reads and none of its own steps makes: each with a name and a schema."""
    steps = steps_of(query)
    own = {step.name for step in steps}
    for node in {node for step in steps for node in step.query.op().find(ops.UnboundTable)}:
        if node.name not in own:
            yield node
