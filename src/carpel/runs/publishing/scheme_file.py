"""Which scheme a workspace has: the one that carpel.yaml names, or the only one in `schemes/`; and its file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carpel.crm import Facts
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.issues import Issue, Severity
from carpel.profiles import Catalogue
from carpel.runs.modelling import attributes_of
from carpel.runs.settings import Settings
from carpel.schemes import Scheme, check, names, read_scheme

FOLDER: Final = "schemes"
_ENDINGS: Final = frozenset({".yaml", ".yml"})


class SchemeRefused(CarpelError):  # noqa: N818
    """The scheme has errors that can be seen before any data.

    Attributes:
        issues: Every error.
    """

    def __init__(self, errors: tuple[Issue, ...]) -> None:
        first, more = errors[0], len(errors) - 1
        key = "runs.scheme-refused-and-more" if more else "runs.scheme-refused"
        super().__init__(key, place=first.place, first=first.text, more=more)
        self.issues = errors


@dataclass(frozen=True, kw_only=True)
class SchemeText:
    """A scheme as its owner wrote it.

    Attributes:
        scheme: The scheme's name: its file's, without ending.
        name: What to call it in places: its file, as seen from the workspace.
        text: The YAML.
        version: Its number where it is a published one; None where it is a file's.
    """

    scheme: str
    name: str
    text: str
    version: int | None = None

    def read(self) -> Scheme:
        """The scheme; CarpelError at the place where it cannot be read."""
        return read_scheme(self.text, self.name)


def scheme_text(settings: Settings, scheme: str | None = None) -> SchemeText:
    """The text of the workspace's scheme, as its file has it.

    Args:
        settings: The workspace.
        scheme: The scheme's name; None is the one that carpel.yaml names, or the only one.

    Raises:
        CarpelError: There is none, there are several and none is named, or the file cannot be read.
    """
    scheme = scheme or chosen(settings)
    path = scheme_file(settings, scheme)
    name = path.relative_to(settings.folder).as_posix()
    try:
        return SchemeText(scheme=scheme, name=name, text=path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CarpelError("kernel.yaml-not-utf8", place=name) from error
    except OSError as error:
        raise CarpelError("kernel.file-unreadable", place=name, problem=error.strerror or "") from error


def scheme_file(settings: Settings, scheme: str) -> Path:
    """The file of a scheme, there or not."""
    return _files(settings).get(scheme) or settings.folder / FOLDER / f"{scheme}.yaml"


def chosen(settings: Settings, published: Collection[str] = ()) -> str:
    """The name of the workspace's scheme.

    Args:
        settings: The workspace.
        published: Names of schemes that need no file, as something is published of them.

    Raises:
        CarpelError: There is none, or there are several and none is named.
    """
    folder = settings.folder / FOLDER
    files = _files(settings)
    if settings.scheme is not None:
        if settings.scheme not in files and settings.scheme not in published:
            hint = nearest(settings.scheme, files)
            raise CarpelError("runs.unknown-scheme", place=str(folder), name=settings.scheme, hint=hint)
        return settings.scheme
    names = tuple(files) or tuple(published)
    if not names:
        raise CarpelError("runs.no-scheme", place=str(folder))
    if len(names) > 1:
        raise CarpelError("runs.several-schemes", place=str(folder), names=", ".join(names), first=names[0])
    return names[0]


def catalogue_for(scheme: Scheme, settings: Settings, facts: Facts) -> Catalogue:
    """What profiles hold: the attributes that the settings keep, and those that the scheme reads."""
    everything = attributes_of(facts, settings.attributes, settings.models)
    if settings.profile is None or unsound(scheme, everything):
        return everything
    keep = (*settings.profile, *names(scheme, everything))
    return attributes_of(facts, settings.attributes, settings.models, keep)


def unsound(scheme: Scheme, found: Catalogue) -> tuple[Issue, ...]:
    """Errors that can be seen before any data."""
    return tuple(issue for issue in check(scheme, found) if issue.severity is Severity.ERROR)


def refuse_unsound(scheme: Scheme, found: Catalogue, time_zone: str | None = None) -> tuple[Issue, ...]:
    """What else can be said of a scheme before any data.

    Raises:
        SchemeRefused: Some of it is an error.
    """
    errors = unsound(scheme, found)
    if errors:
        raise SchemeRefused(errors)
    return check(scheme, found, time_zone=time_zone)


def _files(settings: Settings) -> dict[str, Path]:
    folder = settings.folder / FOLDER
    return {path.stem: path for path in sorted(folder.glob("*")) if path.suffix in _ENDINGS}
