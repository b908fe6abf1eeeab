"""The expression language of rules and attribute definitions: one grammar, one typed tree, two interpreters."""

from carpel.kernel.language.compiling import to_ibis
from carpel.kernel.language.errors import LanguageError
from carpel.kernel.language.evaluating import evaluate
from carpel.kernel.language.parsing import parse, parse_aggregate, parse_condition
from carpel.kernel.language.sentences import sentence
from carpel.kernel.language.symbols import Symbol
from carpel.kernel.language.tree import Expression

__all__ = [
    "Expression",
    "LanguageError",
    "Symbol",
    "evaluate",
    "parse",
    "parse_aggregate",
    "parse_condition",
    "sentence",
    "to_ibis",
]
