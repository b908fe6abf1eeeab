"""A new scheme from a template: ordinary YAML that its owner edits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.profiles import catalogue
from carpel.runs.facts import facts_at_hand
from carpel.runs.records import RunStore
from carpel.runs.scheme_file import scheme_file
from carpel.runs.settings import Settings
from carpel.schemes import template as template_of

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_KEY: Final = re.compile(r"^scheme: .*$", re.MULTILINE)


def new_scheme(settings: Settings, engine: Engine, store: RunStore, name: str, *, template: str) -> Path:
    """Write a scheme to begin with into `schemes/`, with the attributes that the workspace has; gives its file.

    Raises:
        CarpelError: There is no such template, an attribute lacks without which it makes no sense, the name cannot be
            one, or there is a scheme of that name.
    """
    if not _NAME.fullmatch(name):
        raise CarpelError("runs.scheme-name", name=name)
    file = scheme_file(settings, name)
    found = catalogue(facts_at_hand(settings, engine, store), custom=settings.attributes, keep=settings.profile)
    text = _KEY.sub(f"scheme: {name}", template_of(template, found), count=1)
    try:
        file.parent.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise CarpelError("runs.scheme-exists", place=str(file), name=name) from error
    except OSError as error:
        raise CarpelError("runs.cannot-write", place=str(file), problem=error.strerror or "") from error
    return file
