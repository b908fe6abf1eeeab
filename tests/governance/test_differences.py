"""A difference says what it means, and a relabelled scheme has the same logic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.governance import Change, ChangeKind, Difference, difference
from carpel.kernel.texts import LANGUAGES
from carpel.schemes import label_fingerprint, logic_fingerprint, read_scheme

BEFORE = """\
scheme: customers
sponsor: ana.reyes
base: kind <> 'internal'
limits: {segments: 8}
partitions:
  value:
    tiers: monetary_value
    shares: {top: 10%, small: 90%}
segments:
  - key: best
    label: {en: Best}
    when: value = 'top'
    owner: maria
    segments:
      - {key: best-late, when: recency_days > 60}
      - {key: best-steady, otherwise: true}
  - {key: buyers, when: frequency > 0, playbook: call}
  - {key: others, otherwise: true}
"""


def compared(after: str, before: str = BEFORE) -> Difference:
    return difference(read_scheme(before, "a"), read_scheme(after, "b"), (before, after))


@pytest.mark.parametrize(
    ("before", "after", "change", "logic"),
    [
        (
            "value = 'top'\n",
            "value = 'small'\n",
            (ChangeKind.SEGMENT_RULE, "best", "value = 'top'", "value = 'small'"),
            True,
        ),
        ("{en: Best}", "{en: Top}", (ChangeKind.SEGMENT_LABEL, "best", "en: Best", "en: Top"), False),
        ("owner: maria", "owner: jose", (ChangeKind.SEGMENT_OWNER, "best", "maria", "jose"), False),
        ("    owner: maria\n", "", (ChangeKind.SEGMENT_OWNER, "best", "maria", None), False),
        (", playbook: call", ", playbook: visit", (ChangeKind.SEGMENT_PLAYBOOK, "buyers", "call", "visit"), False),
        ("frequency > 0,", "frequency > 0, team: one,", (ChangeKind.SEGMENT_TEAM, "buyers", None, "one"), False),
        (
            "frequency > 0,",
            "frequency > 0, urgent: true,",
            (ChangeKind.SEGMENT_URGENT, "buyers", "false", "true"),
            True,
        ),
        ("top: 10%, small: 90%", "top: 20%, small: 80%", (ChangeKind.PARTITION_RULE, "value", None, None), True),
        ("'internal'", "'reseller'", (ChangeKind.BASE, "customers", "kind <> 'internal'", "kind <> 'reseller'"), True),
        ("base:", "hold: 2 weeks\nbase:", (ChangeKind.HOLD, "customers", "0 days", "14 days"), True),
        (
            "{segments: 8}",
            "{segments: 8, moved: 20%}",
            (ChangeKind.LIMITS, "customers", "segments: 8", "segments: 8, moved: 0.2"),
            False,
        ),
        ("sponsor: ana.reyes\n", "", (ChangeKind.SPONSOR, "customers", "ana.reyes", None), False),
        ("segments: 8}", "segments: 9}", (ChangeKind.LIMITS, "customers", "segments: 8", "segments: 9"), False),
        ("scheme: customers", "scheme: people", (ChangeKind.KEY, "people", "customers", "people"), False),
    ],
)
def test_each_kind_of_change_is_told(
    before: str, after: str, change: tuple[ChangeKind, str, str | None, str | None], logic: bool
) -> None:
    found = compared(BEFORE.replace(before, after))
    kind, subject, old, new = change
    assert found.changes == (Change(kind=kind, subject=subject, before=old, after=new),)
    assert found.logic is logic
    labels = {label_fingerprint(read_scheme(each, "a")) for each in (BEFORE, BEFORE.replace(before, after))}
    assert logic or len(labels) == 2


def test_segments_that_come_go_and_change_places() -> None:
    buyers, others = BEFORE.splitlines(keepends=True)[-2:]
    new = "  - {key: new, when: recency_days < 9}\n"
    found = compared(BEFORE.replace(buyers + others, new + others))
    assert [(each.kind, each.subject) for each in found.changes] == [
        (ChangeKind.SEGMENT_ADDED, "new"),
        (ChangeKind.SEGMENT_REMOVED, "buyers"),
    ]
    first = "segments:\n  - {key: first, when: frequency > 9}\n"
    with_first = BEFORE.replace("segments:\n  - key: best\n", f"{first}  - key: best\n")
    after = with_first.replace("  - {key: first, when: frequency > 9}\n", "").replace(
        buyers, buyers + first.split("\n", 1)[1]
    )
    moved = compared(after, with_first)
    assert [(each.kind, each.subject) for each in moved.changes] == [(ChangeKind.SEGMENT_ORDER, "customers")]
    assert moved.logic


def test_of_a_crossed_partition_whose_parts_are_cut_otherwise_no_label_is_said_to_change() -> None:
    before = BEFORE.replace("segments:\n", "  grid: {cross: [value, stage]}\nsegments:\n", 1).replace(
        "partitions:\n", "partitions:\n  stage: {attribute: lifecycle_stage, values: [new, lapsed]}\n"
    )
    (change,) = compared(before.replace("top: 10%, small: 90%", "top: 20%, small: 80%"), before).changes
    assert (change.kind, change.subject) == (ChangeKind.PARTITION_RULE, "value")


def test_a_segment_put_under_another_is_told() -> None:
    buyers = "  - {key: buyers, when: frequency > 0, playbook: call}\n"
    inside = "      - {key: buyers, when: frequency > 0, playbook: call}\n      - {key: best-steady, otherwise: true}\n"
    after = BEFORE.replace(buyers, "").replace("      - {key: best-steady, otherwise: true}\n", inside)
    assert compared(after).changes == (
        Change(kind=ChangeKind.SEGMENT_MOVED, subject="buyers", before=None, after="best"),
    )


def test_the_same_text_has_no_difference_and_another_writing_no_meaning() -> None:
    assert compared(BEFORE) == Difference(lines=(), changes=(), logic=False)
    assert compared(BEFORE).summary.key == "governance.same-text"
    written = compared(BEFORE.replace("owner: maria", "owner: 'maria'  # since May"))
    assert (written.changes, written.logic) == ((), False)
    assert written.lines
    assert written.summary.key == "governance.same-meaning"


names = st.text(st.characters(codec="utf-8", exclude_characters="\x00", categories=["L", "N"]), min_size=1, max_size=12)


@given(label=names, owner=names, playbook=names)
def test_relabelling_makes_no_new_logic(label: str, owner: str, playbook: str) -> None:
    after = BEFORE.replace("{en: Best}", f"{{en: '{label}'}}").replace("owner: maria", f"owner: '{owner}'")
    after = after.replace("playbook: call", f"playbook: '{playbook}'")
    old, new = read_scheme(BEFORE, "a"), read_scheme(after, "b")
    assert logic_fingerprint(old) == logic_fingerprint(new)
    assert (label_fingerprint(old) == label_fingerprint(new)) == (not compared(after).changes)
    assert not compared(after).logic


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_can_be_said(language: str, kind: ChangeKind) -> None:
    sentence = Change(kind=kind, subject="best", before=None, after="b").text.render(language)
    assert not sentence.startswith("governance.")
