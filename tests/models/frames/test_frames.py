"""Columns mean the same in training and in scoring."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.errors import CarpelError
from carpel.models.frames import Feature, Frame, Kind, features_of


def table(**columns):
    return pa.table(columns)


def test_what_says_nothing_is_no_feature():
    many = 60
    found = features_of(
        table(
            constant=[1] * many,
            missing=pa.array([None] * many, pa.float64()),
            one_word=["a"] * many,
            names=[f"customer {each}" for each in range(many)],
            known_or_not=[1] * 30 + [None] * 30,
            word_or_not=["a"] * 30 + [None] * 30,
            number=list(range(many)),
            word=["a"] * 30 + ["b"] * 30,
            outcome=[0, 1] * 30,
        ),
        leave_out={"outcome"},
    )
    assert {each.key: each.kind.value for each in found} == {
        "known_or_not": "number",
        "word_or_not": "category",
        "number": "number",
        "word": "category",
    }


def test_every_type_is_measured():
    rows = table(
        flag=[True, False, None],
        day=[date(1970, 1, 2), None, date(1970, 1, 11)],
        moment=[datetime(1970, 1, 2, 5, tzinfo=UTC), None, None],
        owned=[["a", "b"], [], None],
        money=[12, -3, None],
        huge=[np.inf, 1.0, np.nan],
    )
    measured = Frame.of(rows, features_of(rows)).values
    nan = np.nan
    wanted = [[1, 0, nan], [1, nan, 10], [1, nan, nan], [2, 0, nan], [12, -3, nan], [nan, 1, nan]]
    np.testing.assert_array_equal(measured.T, wanted)


def test_a_value_that_was_never_seen_is_not_unknown():
    word = Feature(
        key="word", kind=Kind.CATEGORY, label=features_of(table(word=["a", "b"]))[0].label, levels=("b", "a")
    )
    frame = Frame.of(table(word=["a", "b", "new", None]), [word])
    assert frame.values[:3, 0].tolist() == [1, 0, 2]
    assert np.isnan(frame.values[3, 0])
    assert [frame.shown(row, 0) for row in range(4)] == ["a", "b", None, None]


def test_another_kind_of_column_is_refused():
    features = features_of(table(a=[1, 2], b=["x", "y"]))
    with pytest.raises(CarpelError, match="missing"):
        Frame.of(table(a=[1]), features)
    with pytest.raises(CarpelError, match="another kind"):
        Frame.of(table(a=["1"], b=["x"]), features)


values = st.one_of(st.none(), st.floats(allow_nan=False, width=32))


@given(st.lists(st.tuples(values, st.sampled_from(["a", "b", None])), min_size=2, max_size=30), st.randoms())
def test_a_row_is_itself_wherever_it_stands(rows, random):
    whole = table(number=pa.array([a for a, _ in rows], pa.float64()), word=pa.array([b for _, b in rows], pa.string()))
    features = features_of(whole)
    frame = Frame.of(whole, features)
    order = list(range(len(rows)))
    random.shuffle(order)
    moved = Frame.of(whole.take(order), features)
    np.testing.assert_array_equal(moved.values, frame.values[order])
    np.testing.assert_array_equal(moved.fingerprints(), frame.fingerprints()[order])
    assert features_of(whole.take(order)) == features
