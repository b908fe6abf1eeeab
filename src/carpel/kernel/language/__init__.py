"""The expression language of rules and attribute definitions: one grammar, one typed tree, two interpreters."""

from carpel.kernel.language.symbols import Symbol

__all__ = ["Symbol"]
