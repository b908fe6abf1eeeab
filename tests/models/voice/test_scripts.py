"""Both Chinese scripts are read as one, and characters stay where they are."""

import io
from collections import Counter, defaultdict
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from carpel.models.voice.grams import counted, grams
from carpel.models.voice.scripts import READ, folded, script_of
from carpel.models.voice.traditional import SIMPLIFIED


def catalogue(script):
    folder = files("carpel.kernel") / "locale" / script
    found = {}
    for file in folder.iterdir():
        for message in read_po(io.BytesIO(file.read_bytes())):
            if message.id and isinstance(message.string, str):
                found[message.id] = message.string
    return found


def test_our_own_texts_in_both_scripts_agree_with_what_is_listed():
    """Where translations of one length differ at a listed character, they mostly differ as it is listed."""
    simplified, traditional = catalogue("zh-Hans"), catalogue("zh-Hant")
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for key in simplified.keys() & traditional.keys():
        if len(traditional[key]) == len(simplified[key]):
            for old, new in zip(traditional[key], simplified[key], strict=True):
                if old in SIMPLIFIED:
                    seen[old][new] += 1
    often = {old: new for old, new in seen.items() if new.total() >= 5}
    right = [old for old, new in often.items() if new.most_common(1)[0][0] == SIMPLIFIED[old]]
    assert len(often) > 100
    assert len(right) / len(often) > 0.9


def test_what_is_listed_is_traditional_and_becomes_simplified():
    for old, new in SIMPLIFIED.items():
        assert old != new
        assert new not in SIMPLIFIED
        old.encode("big5hkscs")
        new.encode("gb2312")


@pytest.mark.parametrize(
    ("text", "script"),
    [("這個雞腿飯很難吃，湯也涼了", "Hant"), ("这个鸡腿饭很难吃，汤也凉了", "Hans"), ("好吃", None), ("ok", None)],
)
def test_the_script_is_told_by_its_characters(text, script):
    assert script_of(text) == script


def test_both_scripts_fold_to_one():
    assert folded("這個雞腿飯很難吃，湯也涼了，太貴") == folded("这个鸡腿饭很难吃，汤也凉了，太贵")


@given(st.text(max_size=200))
def test_folding_keeps_every_character_in_its_place(text):
    assert len(folded(text)) == len(text)


@given(st.text(max_size=100))
def test_ngrams_lie_within_the_text(text):
    for each in grams(text):
        assert 0 <= each.start < each.end <= min(len(text), READ)
        assert folded(text)[each.start : each.end] in each.content or " " in each.content


@given(st.text(max_size=100) | st.text(alphabet="ab é'’好吃!😀", max_size=60))
def test_counting_ngrams_counts_those_that_are_marked(text):
    assert counted(text) == Counter(each.content for each in grams(text))
