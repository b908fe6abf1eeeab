"""From a file to a published version: what runs use, who may change it, and how it goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from carpel.governance import BaseChanged, NotApproved, VersionState, checked_out
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import (
    Run,
    RunStore,
    SchemeRefused,
    Settings,
    approve,
    check_out,
    compare,
    file_differs,
    find_version,
    new_scheme,
    publish,
    published_version,
    roll_back,
    submit,
    version_on,
    versions,
)
from carpel.schemes import read_scheme
from tests.runs.workspaces import SCHEME, make, publish_file

SPONSORED = SCHEME.replace("base:", "sponsor: ana.reyes\nbase:")


def file(settings: Settings) -> Path:
    return settings.folder / "schemes" / "customers.yaml"


def write(settings: Settings, text: str) -> None:
    file(settings).write_text(text, encoding="utf-8")


def changed(number: int, scheme: str = SCHEME) -> str:
    return scheme.replace("frequency > 0", f"frequency > {number}")


def key_of(refused: pytest.ExceptionInfo[CarpelError]) -> str:
    return refused.value.text.key


def test_the_first_run_publishes_the_file_and_says_so(made: Run, settings: Settings, store: RunStore) -> None:
    first = published_version(settings, store)
    assert first is not None
    assert (first.number, first.text, first.base, first.state) == (1, SCHEME, None, VersionState.PUBLISHED)
    assert made.manifest.scheme_version == 1
    assert "runs.first-version" in {each.code for each in made.issues}
    assert checked_out(settings.folder, "customers") == 1
    again = make(settings, store)
    assert "runs.first-version" not in {each.code for each in again.issues}
    assert len(versions(settings, store)) == 1


def test_a_changed_file_takes_effect_only_when_published(made: Run, settings: Settings, store: RunStore) -> None:
    assert file_differs(settings, store) == ()
    write(settings, changed(3))
    assert [each.code for each in file_differs(settings, store)] == ["runs.file-differs"]
    same = make(settings, store)
    assert (same.manifest.scheme, same.manifest.fingerprint) == (SCHEME, made.manifest.fingerprint)
    publish_file(settings, store, comment="fewer")
    other = make(settings, store)
    assert (other.manifest.scheme, other.manifest.scheme_version) == (changed(3), 2)
    assert other.manifest.fingerprint != made.manifest.fingerprint
    assert file_differs(settings, store) == ()


def test_runs_need_no_file_once_something_is_published(made: Run, settings: Settings, store: RunStore) -> None:
    file(settings).unlink()
    assert make(settings, store).manifest.fingerprint == made.manifest.fingerprint
    assert check_out(settings, store).text == SCHEME == file(settings).read_text(encoding="utf-8")


def test_a_file_that_says_what_is_published_makes_no_version(made: Run, settings: Settings, store: RunStore) -> None:
    assert made.is_sound
    assert publish_file(settings, store).number == 1
    assert len(versions(settings, store)) == 1


def test_what_has_errors_is_not_published(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    write(settings, SCHEME.replace("frequency", "frequncy"))
    for attempt in (publish, submit):
        with pytest.raises(SchemeRefused) as refused:
            attempt(settings, engine, store)
        assert "frequency" in refused.value.text.render()
    assert len(versions(settings, store)) == 1
    assert made.is_sound


def test_over_a_changed_base_publishing_is_refused_with_the_difference(
    made: Run, settings: Settings, store: RunStore
) -> None:
    assert made.is_sound
    mine = SCHEME.replace("  - key: buyers\n", "  - key: buyers\n    owner: ben\n")
    write(settings, changed(3))
    publish_file(settings, store, by="ana", comment="more buys")
    write(settings, mine)
    remember(settings, 1)  # as in another copy of the workspace, made before
    with pytest.raises(BaseChanged) as refused:
        publish_file(settings, store, by="ben")
    assert (refused.value.base, refused.value.published.number) == (1, 2)
    assert refused.value.difference is not None
    assert [each.after for each in refused.value.difference.changes] == ["frequency > 3"]
    assert "+    when: frequency > 3" in refused.value.difference.lines
    told = refused.value.text.render()
    assert "ana" in told
    assert "frequency > 3" in told
    assert "--base 2" in told
    assert published_version(settings, store) == find_version(settings, store, 2)


def test_who_has_taken_the_changes_in_publishes_over_them(
    made: Run, settings: Settings, store: RunStore, engine: Engine
) -> None:
    assert made.is_sound
    write(settings, changed(3))
    publish_file(settings, store)
    write(settings, changed(3).replace("  - key: buyers\n", "  - key: buyers\n    owner: ben\n"))
    remember(settings, 1)
    with pytest.raises(BaseChanged):
        publish(settings, engine, store, base=1)
    third = publish(settings, engine, store, base=2)
    assert (third.number, third.base) == (3, 2)


def remember(settings: Settings, number: int) -> None:
    (settings.folder / ".carpel" / "checkouts" / "customers.json").write_text(f'{{"version": {number}}}')


def test_of_a_file_of_unknown_origin_the_difference_to_what_is_published_is_told(
    made: Run, settings: Settings, store: RunStore
) -> None:
    assert made.is_sound
    (settings.folder / ".carpel" / "checkouts" / "customers.json").unlink()
    write(settings, changed(5))
    with pytest.raises(BaseChanged) as refused:
        publish_file(settings, store)
    assert refused.value.base is None
    assert refused.value.difference is not None
    assert [each.after for each in refused.value.difference.changes] == ["frequency > 5"]


def test_a_sponsor_must_have_approved_the_very_text(settings: Settings, store: RunStore, engine: Engine) -> None:
    write(settings, SPONSORED)
    make(settings, store)
    write(settings, changed(3, SPONSORED))
    with pytest.raises(NotApproved):
        publish(settings, engine, store, by="ben")
    waiting = submit(settings, engine, store, comment="more", by="ben")
    assert (waiting.number, waiting.state, waiting.base) == (2, VersionState.SUBMITTED, 1)
    with pytest.raises(NotApproved):
        publish(settings, engine, store, by="ben")
    with pytest.raises(CarpelError) as refused:
        approve(settings, store, 2, by="ben")
    assert key_of(refused) == "governance.not-the-sponsor"
    approve(settings, store, 2, by="ana.reyes")
    write(settings, changed(4, SPONSORED))
    with pytest.raises(NotApproved):
        publish(settings, engine, store, by="ben")
    write(settings, changed(3, SPONSORED))
    made = publish(settings, engine, store, by="ben")
    assert (made.number, made.author, made.approved_by) == (2, "ben", "ana.reyes")
    assert published_version(settings, store) == made


def test_a_draft_cannot_rid_itself_of_its_sponsor(settings: Settings, store: RunStore, engine: Engine) -> None:
    write(settings, SPONSORED)
    make(settings, store)
    for text in (changed(3), changed(3, SPONSORED.replace("ana.reyes", "ben"))):
        write(settings, text)
        with pytest.raises(NotApproved) as refused:
            publish(settings, engine, store, by="ben")
        assert refused.value.sponsor == "ana.reyes"


def test_without_a_sponsor_nobody_need_approve(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    assert made.is_sound
    write(settings, changed(3))
    submit(settings, engine, store, by="ben")
    with pytest.raises(CarpelError) as refused:
        approve(settings, store, 2, by="ana.reyes")
    assert key_of(refused) == "governance.no-sponsor"


def test_what_is_published_cannot_be_submitted(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    assert made.is_sound
    with pytest.raises(CarpelError) as refused:
        submit(settings, engine, store)
    assert key_of(refused) == "governance.nothing-new"


def test_rolling_back_makes_a_new_version_of_the_old_text(
    made: Run, settings: Settings, store: RunStore, engine: Engine
) -> None:
    write(settings, changed(3))
    publish_file(settings, store)
    make(settings, store)
    back = roll_back(settings, engine, store, 1, by="ana", comment="too many moved")
    assert (back.number, back.text, back.base, back.comment) == (3, SCHEME, 2, "too many moved")
    assert file(settings).read_text(encoding="utf-8") == SCHEME
    assert make(settings, store).manifest.fingerprint == made.manifest.fingerprint
    with pytest.raises(CarpelError) as refused:
        roll_back(settings, engine, store, 3)
    assert key_of(refused) == "governance.is-published"


def test_rolling_back_leaves_other_changes_of_the_file_alone(
    made: Run, settings: Settings, store: RunStore, engine: Engine
) -> None:
    assert made.is_sound
    write(settings, changed(3))
    publish_file(settings, store)
    write(settings, changed(7))
    roll_back(settings, engine, store, 1)
    assert file(settings).read_text(encoding="utf-8") == changed(7)
    with pytest.raises(BaseChanged):
        publish(settings, engine, store)


def test_only_what_was_published_can_come_back(made: Run, settings: Settings, store: RunStore, engine: Engine) -> None:
    assert made.is_sound
    write(settings, changed(3))
    submit(settings, engine, store)
    with pytest.raises(CarpelError) as refused:
        roll_back(settings, engine, store, 2)
    assert key_of(refused) == "governance.never-published"


def test_checking_out_never_loses_what_is_in_no_version(made: Run, settings: Settings, store: RunStore) -> None:
    assert made.is_sound
    write(settings, changed(3))
    with pytest.raises(CarpelError) as refused:
        check_out(settings, store)
    assert key_of(refused) == "governance.unsaved-changes"
    assert file(settings).read_text(encoding="utf-8") == changed(3)
    check_out(settings, store, discard=True)
    assert file(settings).read_text(encoding="utf-8") == SCHEME


def test_the_scheme_as_it_was(made: Run, settings: Settings, store: RunStore) -> None:
    assert made.is_sound
    before = datetime.now(UTC)
    write(settings, changed(3))
    publish_file(settings, store)
    assert version_on(settings, store, before.isoformat()).number == 1
    assert version_on(settings, store, (datetime.now(UTC) + timedelta(days=2)).date().isoformat()).number == 2
    with pytest.raises(CarpelError) as refused:
        version_on(settings, store, "2020-01-01")
    assert key_of(refused) == "governance.nothing-published-then"


def test_versions_and_the_file_are_compared(made: Run, settings: Settings, store: RunStore) -> None:
    assert made.is_sound
    write(settings, changed(3))
    publish_file(settings, store)
    write(settings, changed(8))
    assert [each.after for each in compare(settings, store).changes] == ["frequency > 8"]
    assert [each.after for each in compare(settings, store, 1).changes] == ["frequency > 8"]
    assert [each.after for each in compare(settings, store, 1, 2).changes] == ["frequency > 3"]
    with pytest.raises(CarpelError) as refused:
        compare(settings, store, 9)
    assert key_of(refused) == "governance.no-such-version"


def test_relabelling_is_a_version_with_the_same_logic_and_moves_nobody(
    made: Run, settings: Settings, store: RunStore
) -> None:
    write(settings, SCHEME.replace("  - key: buyers\n", "  - key: buyers\n    label: Shoppers\n    owner: ben\n"))
    second = publish_file(settings, store)
    first = find_version(settings, store, 1)
    assert (second.number, second.logic == first.logic, second.labels == first.labels) == (2, True, False)
    assert make(settings, store).manifest.fingerprint == made.manifest.fingerprint


def test_a_new_scheme_begins_with_a_template_under_its_own_name(
    made: Run, settings: Settings, store: RunStore, engine: Engine
) -> None:
    assert made.is_sound
    path = new_scheme(settings, engine, store, "by-value", template="everyone")
    assert read_scheme(path.read_text(encoding="utf-8"), "x").key == "by-value"
    for name, wrong in (("by-value", "runs.scheme-exists"), ("../x", "runs.scheme-name")):
        with pytest.raises(CarpelError) as refused:
            new_scheme(settings, engine, store, name, template="everyone")
        assert key_of(refused) == wrong
