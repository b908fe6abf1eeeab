"""Carpel divides a company's customers so that every customer is in exactly one segment."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "open"]

if TYPE_CHECKING:
    from carpel.workspace import open  # noqa: A004


def __getattr__(name: str) -> Any:
    # `carpel --version` and the help pages should not wait for the engine to load.
    if name == "open":
        from carpel.workspace import open as open_workspace  # noqa: PLC0415

        return open_workspace
    raise AttributeError(name)
