"""What the service logs: one line a request, and what went wrong; nothing about any customer.

Lines name routes by their templates, never by what was asked, and errors by their kind and where they arose, never by
their words, which may quote what was asked.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

from carpel.api.settings import ServiceSettings

NAME: Final = "carpel.api"
"""The service's own lines; libraries are heard from a warning on."""
_FRAMES: Final = 12
"""How many of the calls that led to an error are told, the last ones."""
_PARTS: Final = 3
"""How much of a file's path tells where it belongs."""
_SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logs(settings: ServiceSettings, stream: TextIO) -> None:
    """Log to a stream, from here on and for the whole process."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not stream.isatty())
    show = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else _for_people(stream)
    handler = logging.StreamHandler(stream)
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_words, show]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=last))
    wanted = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(handlers=[handler], level=max(wanted, logging.WARNING), force=True)
    logging.getLogger(NAME).setLevel(wanted)


def logger() -> structlog.stdlib.BoundLogger:
    """Where the service logs; until it is told where to, only what is wrong is shown."""
    to_the_end = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
    processors = [structlog.stdlib.filter_by_level, *_SHARED, without_words, to_the_end]
    wrapped: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(NAME), processors=processors, wrapper_class=structlog.stdlib.BoundLogger
    )
    return wrapped


def without_words(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """An error by its kind and where it arose."""
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line.update(error=type(error).__name__, trace=list(_trace(error)))
    return line


def _trace(error: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]:
        yield f"{'/'.join(Path(frame.filename).parts[-_PARTS:])}:{frame.lineno} {frame.name}"
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield f"after {type(cause).__name__}"
        yield from _trace(cause)


def _for_people(stream: TextIO) -> Processor:
    return structlog.dev.ConsoleRenderer(colors=stream.isatty())
