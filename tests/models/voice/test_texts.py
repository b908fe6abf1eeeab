"""Which texts are learned from, and in which parts."""

import numpy as np

from carpel.models.voice.texts import Sample, fingerprint, parts, without

TEXTS = [f"text number {number}" for number in range(200)]


def sampled(rows, most):
    sample = Sample(most)
    for text, label in rows:
        sample.add(text, label)
    return sample.labelled()


def test_of_too_many_texts_the_same_are_kept_in_whatever_order_they_come():
    rows = [(text, str(number % 3)) for number, text in enumerate(TEXTS)] * 2
    kept = sampled(rows, 50)
    assert len(kept) == 50
    order = np.random.default_rng(1).permutation(len(rows))
    assert sampled([rows[at] for at in order], 50) == kept


def test_texts_that_differ_in_nothing_but_form_are_one():
    assert fingerprint("Ｇreat  Lamp") == fingerprint("great lamp")
    assert fingerprint("難吃") == fingerprint("难吃")
    (only,) = sampled([("Great lamp", "a"), ("great lamp", "a"), ("GREAT LAMP", "b")], 9)
    assert only.label == "a"
    assert sampled([("great", "a"), ("Great", "b")], 9) == []


def test_parts_share_every_label_and_miss_nobody():
    texts = sampled([(text, str(number % 4 == 0)) for number, text in enumerate(TEXTS)], 500)
    found = parts(texts, 4)
    assert sorted(place for part in found for place in part) == list(range(200))
    for part in found:
        assert abs(sum(texts[each].label == "True" for each in part) - 12.5) < 1
        assert sorted([*part, *without(texts, part)]) == list(range(200))
