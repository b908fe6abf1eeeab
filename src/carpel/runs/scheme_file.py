"""Which scheme a run uses: the one that carpel.yaml names, or the only one in `schemes/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carpel.crm import Facts
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.issues import Issue, Severity
from carpel.profiles import Catalogue, catalogue
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
        name: What to call it in places: its file, as seen from the workspace.
        text: The YAML.
    """

    name: str
    text: str

    def read(self) -> Scheme:
        """The scheme; CarpelError at the place where it cannot be read."""
        return read_scheme(self.text, self.name)


def scheme_text(settings: Settings) -> SchemeText:
    """The text of the workspace's scheme.

    Raises:
        CarpelError: There is none, there are several and none is named, or the file cannot be read.
    """
    path = _chosen(settings)
    name = path.relative_to(settings.folder).as_posix()
    try:
        return SchemeText(name=name, text=path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CarpelError("kernel.yaml-not-utf8", place=name) from error
    except OSError as error:
        raise CarpelError("kernel.file-unreadable", place=name, problem=error.strerror or "") from error


def catalogue_for(scheme: Scheme, settings: Settings, facts: Facts) -> Catalogue:
    """What profiles hold: the attributes that the settings keep, and those that the scheme reads."""
    everything = catalogue(facts, custom=settings.attributes)
    if settings.profile is None or unsound(scheme, everything):
        return everything
    return catalogue(facts, custom=settings.attributes, keep=(*settings.profile, *names(scheme, everything)))


def unsound(scheme: Scheme, found: Catalogue) -> tuple[Issue, ...]:
    """Errors that can be seen before any data."""
    return tuple(issue for issue in check(scheme, found) if issue.severity is Severity.ERROR)


def refuse_unsound(scheme: Scheme, found: Catalogue) -> tuple[Issue, ...]:
    """What else can be said of a scheme before any data.

    Raises:
        SchemeRefused: Some of it is an error.
    """
    errors = unsound(scheme, found)
    if errors:
        raise SchemeRefused(errors)
    return check(scheme, found)


def _chosen(settings: Settings) -> Path:
    folder = settings.folder / FOLDER
    files = {path.stem: path for path in sorted(folder.glob("*")) if path.suffix in _ENDINGS}
    if not files:
        raise CarpelError("runs.no-scheme", place=str(folder))
    if settings.scheme is None:
        return _only(files, folder)
    if settings.scheme not in files:
        hint = nearest(settings.scheme, files)
        raise CarpelError("runs.unknown-scheme", place=str(folder), name=settings.scheme, hint=hint)
    return files[settings.scheme]


def _only(files: dict[str, Path], folder: Path) -> Path:
    if len(files) > 1:
        names = ", ".join(files)
        raise CarpelError("runs.several-schemes", place=str(folder), names=names, first=next(iter(files)))
    return next(iter(files.values()))
