"""What the store keeps of schemes: every method is one transaction, one version is published, none of it changes."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from carpel.governance import BaseChanged, Draft, SchemeStore, SchemeVersion, VersionState
from carpel.kernel.errors import CarpelError
from carpel.runs.records import RunStore

NOW = datetime(2026, 11, 23, 1, 45, tzinfo=UTC)
DRAFT = Draft(
    scheme="customers",
    text="scheme: customers\n",
    author="ana",
    comment="first",
    base=None,
    logic="l" * 32,
    labels="n" * 32,
)
Another = Callable[..., RunStore]


@pytest.fixture
def schemes(store: RunStore) -> SchemeStore:
    return store.schemes


def draft(text: str, *, base: int | None = None, author: str = "ana") -> Draft:
    return replace(DRAFT, text=text, base=base, author=author)


def states(schemes: SchemeStore) -> dict[int, VersionState]:
    return {each.number: each.state for each in schemes.versions("customers")}


def test_a_new_store_has_no_version(schemes: SchemeStore) -> None:
    assert schemes.published("customers") is None
    assert schemes.versions("customers") == ()
    assert schemes.find("customers", 1) is None
    assert schemes.names() == ()


def test_a_published_version_is_kept_whole(schemes: SchemeStore, open_another: Another) -> None:
    made = schemes.publish(DRAFT, at=NOW)
    assert made == SchemeVersion(
        scheme="customers",
        number=1,
        text=DRAFT.text,
        author="ana",
        at=NOW,
        comment="first",
        base=None,
        logic=DRAFT.logic,
        labels=DRAFT.labels,
        state=VersionState.PUBLISHED,
        published_by="ana",
        published_at=NOW,
    )
    again = open_another().schemes
    assert again.published("customers") == made == again.find("customers", 1)
    assert again.names() == ("customers",)


def test_another_version_takes_the_place_of_the_one_it_was_made_from(schemes: SchemeStore) -> None:
    first = schemes.publish(DRAFT, at=NOW)
    second = schemes.publish(draft("b", base=1), at=NOW + timedelta(days=1))
    assert (second.number, second.base) == (2, 1)
    assert schemes.published("customers") == second
    assert schemes.versions("customers") == (second, replace(first, state=VersionState.SUPERSEDED))


@pytest.mark.parametrize("base", [None, 1, 3])
def test_over_another_base_nothing_is_published(schemes: SchemeStore, base: int | None) -> None:
    schemes.publish(DRAFT, at=NOW)
    schemes.publish(draft("b", base=1), at=NOW)
    before = schemes.versions("customers")
    with pytest.raises(BaseChanged) as refused:
        schemes.publish(draft("c", base=base), at=NOW)
    assert (refused.value.published.number, refused.value.base) == (2, base)
    assert schemes.versions("customers") == before


def test_of_many_publishers_at_once_exactly_one_wins(schemes: SchemeStore, open_another: Another) -> None:
    schemes.publish(DRAFT, at=NOW)
    stores = [open_another().schemes for _ in range(6)]
    started = threading.Barrier(len(stores))
    won: list[int] = []
    lost: list[BaseChanged] = []

    def publish(number: int) -> None:
        started.wait()
        try:
            won.append(stores[number].publish(draft(f"by {number}", base=1), at=NOW).number)
        except BaseChanged as refused:
            lost.append(refused)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(len(stores))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert won == [2]
    assert [refused.published.number for refused in lost] == [2] * 5
    assert states(schemes) == {1: VersionState.SUPERSEDED, 2: VersionState.PUBLISHED}


def test_of_many_first_publishers_exactly_one_wins(schemes: SchemeStore, open_another: Another) -> None:
    stores = [open_another().schemes for _ in range(4)]
    started, won, lost = threading.Barrier(len(stores)), list[int](), list[int | None]()

    def publish(number: int) -> None:
        started.wait()
        try:
            won.append(stores[number].publish(draft(f"by {number}"), at=NOW).number)
        except BaseChanged as refused:
            lost.append(refused.base)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(len(stores))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert (won, lost) == ([1], [None] * 3)
    assert len(schemes.versions("customers")) == 1


def test_a_submission_waits_and_the_next_of_its_author_takes_its_place(schemes: SchemeStore) -> None:
    schemes.publish(DRAFT, at=NOW)
    for text, author in (("b", "ben"), ("c", "carla"), ("d", "ben")):
        schemes.submit(draft(text, base=1, author=author), at=NOW)
    assert states(schemes) == {
        1: VersionState.PUBLISHED,
        2: VersionState.WITHDRAWN,
        3: VersionState.SUBMITTED,
        4: VersionState.SUBMITTED,
    }


def test_what_waits_with_the_text_that_is_published_waits_no_more(schemes: SchemeStore) -> None:
    schemes.publish(DRAFT, at=NOW)
    schemes.submit(draft("x", base=1, author="ana"), at=NOW)
    schemes.submit(draft("x", base=1, author="ben"), at=NOW)
    schemes.submit(draft("y", base=1, author="carl"), at=NOW)
    with pytest.raises(BaseChanged):
        schemes.publish(draft("x", base=None), at=NOW)
    assert states(schemes)[2] is VersionState.SUBMITTED
    schemes.publish(draft("x", base=1, author="dora"), at=NOW)
    assert states(schemes) == {
        1: VersionState.SUPERSEDED,
        2: VersionState.WITHDRAWN,
        3: VersionState.WITHDRAWN,
        4: VersionState.SUBMITTED,
        5: VersionState.PUBLISHED,
    }


def test_an_approved_version_is_published_under_its_number(schemes: SchemeStore) -> None:
    schemes.publish(DRAFT, at=NOW)
    schemes.submit(draft("b", base=1, author="ben"), at=NOW)
    approved = schemes.approve("customers", 2, by="ana.reyes", at=NOW + timedelta(hours=1))
    assert (approved.state, approved.approved_by) == (VersionState.APPROVED, "ana.reyes")
    made = schemes.publish_approved("customers", 2, by="carla", at=NOW + timedelta(hours=2))
    assert (made.number, made.author, made.published_by, made.approved_by) == (2, "ben", "carla", "ana.reyes")
    assert schemes.published("customers") == made


def test_an_approved_version_is_refused_over_another_base(schemes: SchemeStore) -> None:
    schemes.publish(DRAFT, at=NOW)
    schemes.submit(draft("b", base=1, author="ben"), at=NOW)
    schemes.approve("customers", 2, by="ana.reyes", at=NOW)
    schemes.publish(draft("c", base=1), at=NOW)
    with pytest.raises(BaseChanged):
        schemes.publish_approved("customers", 2, by="ben", at=NOW)
    assert states(schemes)[2] is VersionState.APPROVED


@pytest.mark.parametrize(
    ("number", "key"),
    [(1, "is-published"), (2, "is-withdrawn"), (4, "is-approved"), (9, "no-such-version")],
)
def test_only_what_waits_can_be_approved(schemes: SchemeStore, number: int, key: str) -> None:
    schemes.publish(DRAFT, at=NOW)
    schemes.submit(draft("b", base=1), at=NOW)
    schemes.submit(draft("c", base=1), at=NOW)
    schemes.submit(draft("d", base=1, author="ben"), at=NOW)
    schemes.approve("customers", 4, by="ana.reyes", at=NOW)
    before = schemes.versions("customers")
    with pytest.raises(CarpelError) as refused:
        schemes.approve("customers", number, by="ana.reyes", at=NOW)
    assert refused.value.text.key == f"governance.{key}"
    assert schemes.versions("customers") == before


@pytest.mark.parametrize(("number", "key"), [(1, "is-published"), (2, "is-submitted"), (9, "no-such-version")])
def test_only_what_is_approved_can_be_published_under_its_number(schemes: SchemeStore, number: int, key: str) -> None:
    schemes.publish(DRAFT, at=NOW)
    schemes.submit(draft("b", base=1), at=NOW)
    with pytest.raises(CarpelError) as refused:
        schemes.publish_approved("customers", number, by="ana", at=NOW)
    assert refused.value.text.key == f"governance.{key}"


def test_schemes_and_workspaces_do_not_see_each_other(address: str, open_another: Another) -> None:
    acme, other = open_another("acme").schemes, open_another("other").schemes
    acme.publish(DRAFT, at=NOW)
    acme.publish(replace(DRAFT, scheme="partners"), at=NOW)
    assert acme.names() == ("customers", "partners")
    shared = address == "sqlite"  # a workspace's own file needs no name
    assert (other.published("customers") is not None) == shared
