"""Versions of the workspace's scheme: find one, write it into its file, say whether the file differs."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from carpel.governance import Difference, SchemeVersion, between, difference, remember_checked_out
from carpel.kernel.dates import AsOf, is_day
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.runs.publishing.scheme_file import SchemeText, chosen, scheme_file, scheme_text
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings


def find_version(settings: Settings, store: RunStore, number: int | None = None) -> SchemeVersion:
    """A version of the workspace's scheme; None is the published one.

    Raises:
        CarpelError: There is no such version.
    """
    name = chosen(settings, store.schemes.names())
    found = store.schemes.published(name) if number is None else store.schemes.find(name, number)
    if found is None and number is None:
        raise CarpelError("governance.nothing-published", place=name)
    if found is None:
        raise CarpelError("governance.no-such-version", place=name, number=number)
    return found


def published_version(settings: Settings, store: RunStore) -> SchemeVersion | None:
    """What runs use; None before the first."""
    return store.schemes.published(chosen(settings, store.schemes.names()))


def versions(settings: Settings, store: RunStore) -> tuple[SchemeVersion, ...]:
    """Every version of the workspace's scheme, newest first."""
    return store.schemes.versions(chosen(settings, store.schemes.names()))


def compare(settings: Settings, store: RunStore, before: int | None = None, after: int | None = None) -> Difference:
    """What lies between two versions; `before` None is the published one, `after` None is the file.

    Raises:
        CarpelError: There is no such version, or the file cannot be read.
    """
    old = find_version(settings, store, before)
    if after is None:
        written = scheme_text(settings, old.scheme)
        return difference(old.read, written.read(), (old.text, written.text))
    return between(old, find_version(settings, store, after))


def version_on(settings: Settings, store: RunStore, moment: str) -> SchemeVersion:
    """The version that was published on a day, when it ended, or at a moment.

    Raises:
        CarpelError: That is no date, or nothing was published yet.
    """
    at = AsOf.parse(moment, settings.time_zone)
    until = AsOf.start_of(at.day + timedelta(days=1), settings.time_zone).instant if is_day(moment) else at.instant
    name = chosen(settings, store.schemes.names())
    past = [(each.published_at, each) for each in store.schemes.versions(name) if each.published_at]
    before = [pair for pair in past if pair[0] < until]
    if not before:
        first = min((when for when, _ in past), default=None)
        key = "governance.nothing-published-then" if first else "governance.nothing-published"
        raise CarpelError(key, place=name, **({"day": at.day, "first": first} if first else {}))
    return max(before, key=lambda pair: pair[0])[1]


def file_differs(settings: Settings, store: RunStore) -> tuple[Issue, ...]:
    """That the file is not what runs use, where it is so."""
    with suppress(CarpelError):
        published = published_version(settings, store)
        if published:
            written = scheme_text(settings, published.scheme)
            if written.text != published.text:
                said = text("runs.file-differs", number=published.number)
                return (Issue(severity=Severity.NOTE, text=said, place=written.name),)
    return ()


def check_out(
    settings: Settings, store: RunStore, number: int | None = None, *, discard: bool = False
) -> SchemeVersion:
    """Write a version into its file, to be worked on.

    Args:
        settings: The workspace.
        store: Keeps versions.
        number: Which; None is the published one.
        discard: Whether changes of the file that are in no version may be lost.

    Raises:
        CarpelError: There is no such version, or the file holds changes that are in no version.
    """
    version = find_version(settings, store, number)
    there = text_in_file(settings, version.scheme)
    known = {each.text for each in store.schemes.versions(version.scheme)}
    if there is not None and there not in known and not discard:
        raise CarpelError("governance.unsaved-changes", place=str(scheme_file(settings, version.scheme)))
    write_version(settings, version)
    return version


def text_of(settings: Settings, version: SchemeVersion) -> SchemeText:
    """Called as its file where the file says the same, so that places lead into it."""
    file = scheme_file(settings, version.scheme)
    same = text_in_file(settings, version.scheme) == version.text
    name = file.relative_to(settings.folder).as_posix() if same else version.place
    return SchemeText(scheme=version.scheme, name=name, text=version.text, version=version.number)


def text_in_file(settings: Settings, scheme: str) -> str | None:
    """What a scheme's file says; None where there is no file."""
    if not scheme_file(settings, scheme).is_file():
        return None
    return scheme_text(settings, scheme).text


def write_version(settings: Settings, version: SchemeVersion) -> None:
    """Let a scheme's file say what a version says, whole or not at all."""
    file = scheme_file(settings, version.scheme)
    partial = file.with_name(f".{file.name}.partial")
    try:
        file.parent.mkdir(exist_ok=True)
        partial.write_text(version.text, encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise CarpelError("governance.cannot-write", place=str(file), problem=error.strerror or "") from error
    remember_checked_out(settings.folder, version.scheme, version.number if version.published_at else version.base)
