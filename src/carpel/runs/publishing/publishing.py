"""From a file to a published version: what a run uses, and how another takes its place.

Files in `schemes/` are drafts. What a run uses is the published version, which the store keeps and nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from carpel.crm import Facts
from carpel.governance import (
    BaseChanged,
    Draft,
    NotApproved,
    SchemeStore,
    SchemeVersion,
    VersionState,
    acting_user,
    between,
    checked_out,
    difference,
    remember_checked_out,
)
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.failpoints import failpoint
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.runs.facts import facts_at_hand, staged_facts
from carpel.runs.publishing.scheme_file import SchemeText, catalogue_for, chosen, refuse_unsound, scheme_text
from carpel.runs.publishing.versions import find_version, published_version, text_in_file, text_of, write_version
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.schemes import Scheme


@dataclass(frozen=True)
class _Proposed:
    """A file that may become a version."""

    written: SchemeText
    scheme: Scheme
    base: int | None
    published: SchemeVersion | None

    @property
    def sponsor(self) -> str | None:
        """Who must agree: whom the published version names, so that a draft cannot rid itself of them."""
        return (self.published and self.published.read.sponsor) or self.scheme.sponsor

    def draft(self, author: str, comment: str) -> Draft:
        """What the store is asked to keep."""
        return Draft.of(
            self.scheme,
            name=self.written.scheme,
            text=self.written.text,
            author=author,
            comment=comment,
            base=self.base,
        )


def in_force(settings: Settings, schemes: SchemeStore, facts: Facts) -> tuple[SchemeText, tuple[Issue, ...]]:
    """The published version; where nothing is published yet the file becomes version 1, which is said.

    Raises:
        CarpelError: There is no scheme, or the first cannot be read or has errors.
    """
    name = chosen(settings, schemes.names())
    published = schemes.published(name)
    if published:
        return text_of(settings, published), ()
    written = scheme_text(settings, name)
    scheme = written.read()
    refuse_unsound(scheme, catalogue_for(scheme, settings, facts))
    first = _first(schemes, _Proposed(written, scheme, None, None).draft(acting_user(), ""))
    failpoint("publishing.published")
    remember_checked_out(settings.folder, name, first.number)
    said = text("runs.first-version", number=first.number)
    return text_of(settings, first), (Issue(severity=Severity.NOTE, text=said, place=written.name),)


def publish(
    settings: Settings,
    engine: Engine,
    store: RunStore,
    *,
    comment: str = "",
    by: str | None = None,
    base: int | None = None,
) -> SchemeVersion:
    """Publish the workspace's file; a file that says what is published already changes nothing.

    Args:
        settings: The workspace.
        engine: For sources that were never read.
        store: Keeps versions.
        comment: What its author says of it.
        by: Who publishes; None is whoever works here.
        base: The published version whose changes the file has taken in; None is the one that it was made from.

    Raises:
        BaseChanged: Another version was published meanwhile; the error says what it changed.
        NotApproved: The scheme names a sponsor, who has not agreed to this text.
        CarpelError: The file cannot be read, or has errors.
    """
    proposed = _proposed(settings, store.schemes, base)
    written, published, user = proposed.written, proposed.published, acting_user(by)
    if published and published.text == written.text:
        remember_checked_out(settings.folder, written.scheme, published.number)
        return published
    _refuse_another_base(store.schemes, proposed)
    _refuse_unsound(settings, staged_facts(settings, engine, store, now=datetime.now(UTC)).facts, proposed.scheme)
    failpoint("publishing.checked")
    made = _published(store.schemes, proposed, user, comment)
    failpoint("publishing.published")
    remember_checked_out(settings.folder, written.scheme, made.number)
    failpoint("publishing.remembered")
    return made


def submit(
    settings: Settings,
    engine: Engine,
    store: RunStore,
    *,
    comment: str = "",
    by: str | None = None,
    base: int | None = None,
) -> SchemeVersion:
    """Keep the workspace's file as a version that waits to be approved or published.

    Raises:
        BaseChanged: Another version was published since the file was made from one.
        CarpelError: The file cannot be read, has errors, or is what is published.
    """
    proposed = _proposed(settings, store.schemes, base)
    written, published = proposed.written, proposed.published
    if published and published.text == written.text:
        raise CarpelError("governance.nothing-new", place=written.name, number=published.number)
    _refuse_another_base(store.schemes, proposed)
    _refuse_unsound(settings, staged_facts(settings, engine, store, now=datetime.now(UTC)).facts, proposed.scheme)
    return store.schemes.submit(proposed.draft(acting_user(by), comment), at=datetime.now(UTC))


def approve(settings: Settings, store: RunStore, number: int, *, by: str | None = None) -> SchemeVersion:
    """The sponsor agrees to a submitted version.

    Raises:
        CarpelError: There is no such version, it does not wait, or whoever asks is not the sponsor.
    """
    version, published = find_version(settings, store, number), published_version(settings, store)
    sponsor, user = (published and published.read.sponsor) or version.read.sponsor, acting_user(by)
    if sponsor is None:
        raise CarpelError("governance.no-sponsor", place=version.scheme)
    if user != sponsor:
        raise CarpelError("governance.not-the-sponsor", place=version.place, sponsor=sponsor, user=user)
    return store.schemes.approve(version.scheme, number, by=user, at=datetime.now(UTC))


def roll_back(
    settings: Settings, engine: Engine, store: RunStore, number: int, *, comment: str = "", by: str | None = None
) -> SchemeVersion:
    """Publish the text of an earlier version again, as a new one. It needs no approval: it was published before.

    A file that says what was published until now says afterwards what is; one with other changes is left alone.

    Raises:
        CarpelError: There is no such version, it was never published, is published now, or has errors by now.
    """
    version, before = find_version(settings, store, number), published_version(settings, store)
    if before is None or version.published_at is None:
        raise CarpelError("governance.never-published", place=version.place, number=number)
    if version.number == before.number:
        raise CarpelError("governance.is-published", place=version.place, number=number)
    # In need of an earlier version nobody wants to wait for sources, which may be what is wrong.
    _refuse_unsound(settings, facts_at_hand(settings, engine, store), version.read)
    draft = Draft.of(
        version.read,
        name=version.scheme,
        text=version.text,
        author=acting_user(by),
        comment=comment,
        base=before.number,
    )
    made = store.schemes.publish(draft, at=datetime.now(UTC))
    if text_in_file(settings, version.scheme) in {before.text, None}:
        write_version(settings, made)
    return made


def _proposed(settings: Settings, schemes: SchemeStore, base: int | None) -> _Proposed:
    written = scheme_text(settings, chosen(settings))
    published = schemes.published(written.scheme)
    if base is None:
        base = checked_out(settings.folder, written.scheme) or _version_of_that_text(schemes, written)
    return _Proposed(written, written.read(), base, published)


def _version_of_that_text(schemes: SchemeStore, written: SchemeText) -> int | None:
    same = (each.number for each in _once_published(schemes, written.scheme) if each.text == written.text)
    return next(same, None)


def _once_published(schemes: SchemeStore, scheme: str) -> Iterable[SchemeVersion]:
    return (each for each in schemes.versions(scheme) if each.published_at)


def _published(schemes: SchemeStore, proposed: _Proposed, user: str, comment: str) -> SchemeVersion:
    written, now = proposed.written, datetime.now(UTC)
    try:
        if proposed.sponsor is None:
            return schemes.publish(proposed.draft(user, comment), at=now)
        approved = _approved(schemes, written)
        if approved is None:
            raise NotApproved(proposed.sponsor, place=written.name)
        return schemes.publish_approved(written.scheme, approved.number, by=user, at=now)
    except BaseChanged as refused:
        raise _told(schemes, proposed, refused.published, refused.base) from refused


def _approved(schemes: SchemeStore, written: SchemeText) -> SchemeVersion | None:
    versions = schemes.versions(written.scheme)
    return next((v for v in versions if v.state is VersionState.APPROVED and v.text == written.text), None)


def _refuse_another_base(schemes: SchemeStore, proposed: _Proposed) -> None:
    if proposed.published and proposed.base != proposed.published.number:
        raise _told(schemes, proposed, proposed.published, proposed.base)


def _told(schemes: SchemeStore, proposed: _Proposed, published: SchemeVersion, base: int | None) -> BaseChanged:
    """What was changed meanwhile; where it is not known since when, what the file would change."""
    made_from = schemes.find(published.scheme, base) if base else None
    if made_from:
        changed = between(made_from, published)
    else:
        changed = difference(published.read, proposed.scheme, (published.text, proposed.written.text))
    base = made_from.number if made_from else None
    return BaseChanged(published, base=base, place=proposed.written.name, difference=changed)


def _refuse_unsound(settings: Settings, facts: Facts, scheme: Scheme) -> None:
    refuse_unsound(scheme, catalogue_for(scheme, settings, facts))


def _first(schemes: SchemeStore, draft: Draft) -> SchemeVersion:
    try:
        return schemes.publish(draft, at=datetime.now(UTC))
    except BaseChanged as refused:
        # Somebody else was first: theirs it is.
        return refused.published
