"""What is said of feedback, from what was learned, however odd the texts are."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES
from carpel.models.voice import Basis, Heard, Mood, Origin, Rated, Voices, aligned, language_of, learn, rated, reviews
from tests.models.voice.samples import BLAME, PRAISE, feedback, plain, unrated


@pytest.fixture(scope="module")
def voices():
    return learn([plain()])


def test_praise_and_blame_are_told_by_their_words(voices):
    scored = voices.score(unrated("The teapot is superb", "This teapot is awful and broken"))
    assert scored.column("mood").to_pylist() == ["positive", "negative"]
    assert scored.column("basis").to_pylist() == ["words", "words"]
    assert all(0.5 <= each <= 1 for each in scored.column("confidence").to_pylist())
    assert voices.origins["en"] is Origin.OWN


def test_a_rating_is_not_argued_with(voices):
    scored = voices.score(feedback(["awful, broken", "superb", "", "fine"], [5, 1, 3, 9]))
    assert scored.column("mood").to_pylist() == ["positive", "negative", "mixed", None]
    assert scored.column("basis").to_pylist() == ["rating", "rating", "rating", None]


def test_nothing_is_said_of_what_was_never_seen(voices):
    scored = voices.score(unrated("", "   ", "😀😀", "123", "qqq zzz", "很好吃", None))
    assert scored.column("mood").to_pylist() == [None] * 7


def test_the_words_that_speak_for_it_lie_where_they_are_marked(voices):
    said = "At home: the Teapot is AWFUL, we threw it away"
    reading = voices.read(Rated(said, None, "en"))
    assert reading.mood is Mood.NEGATIVE
    assert reading.basis is Basis.WORDS
    assert reading.marks[0].word == "AWFUL"
    for mark in reading.marks:
        assert said[mark.start : mark.end] == mark.word
        assert mark.weight > 0


def test_chinese_and_emoji_are_marked_without_the_signs_between_them():
    good, bad = ("好吃", "满意", "推荐"), ("难吃", "退款", "差劲")
    praise = [f"{thing}，{word}{sign}😀" for thing in "饭面汤菜肉鱼蛋茶酒糖" for word in good for sign in "！。"]
    blame = [f"{thing}，{word}{sign}😡" for thing in "饭面汤菜肉鱼蛋茶酒糖" for word in bad for sign in "！。"]
    found = learn([plain(praise, blame)])
    reading = found.read(Rated("這個湯，太難吃！😡", None, "zh"))
    assert reading.mood is Mood.NEGATIVE
    assert {"😡", "難吃"} <= {mark.word.removeprefix("太") for mark in reading.marks}
    assert not any(sign in mark.word for mark in reading.marks for sign in "，！")


@settings(max_examples=40)
@given(st.text(max_size=60) | st.sampled_from(PRAISE + BLAME).flatmap(lambda each: st.just(each + "😀İǅ①㎏")))
def test_marks_lie_within_any_text(voices, said):
    reading = voices.read(Rated(said, None, "en"))
    for mark in reading.marks:
        assert 0 <= mark.start < mark.end <= len(said)
        assert said[mark.start : mark.end] == mark.word


def test_why_nothing_is_said_is_told_in_every_language(voices):
    silent = [
        voices.read(Rated("", None, None)),
        voices.read(Rated("おはよう", None, None)),
        voices.read(Rated("很好吃", None, "zh")),
        voices.read(Rated("qqq", None, "en")),
    ]
    for reading in silent:
        assert reading.mood is None
        assert reading.missing is not None
        assert all("{" not in reading.missing.render(each) for each in LANGUAGES)
    assert "50" in voices.missing["zh"].render("en")


def test_what_is_learned_does_not_depend_on_the_order_of_rows_nor_on_copies():
    entries = list(zip(PRAISE + BLAME, [5] * len(PRAISE) + [1] * len(BLAME), strict=True))
    expected = learn([plain()]).to_json()
    mixed = entries * 2
    mixed = [mixed[at] for at in np.random.default_rng(3).permutation(len(mixed))]
    half = len(mixed) // 2
    batches = [feedback(*zip(*mixed[:half], strict=True)), feedback(*zip(*mixed[half:], strict=True))]
    assert learn(batches).to_json() == expected


def test_what_was_kept_scores_the_same(voices):
    again = Voices.from_json(voices.to_json())
    batch = unrated(*PRAISE[:20], *BLAME[:20], "The lamp", "So-so")
    assert again.score(batch) == voices.score(batch)
    assert again.to_json() == voices.to_json()
    assert again.models["en"].figures == voices.models["en"].figures
    assert again.read(Rated("很好", None, "zh")).missing is not None


@pytest.mark.parametrize(
    "batches",
    [
        [],
        [plain([], [])],
        [plain(PRAISE[:1], [])],
        [plain(PRAISE, [])],
        [plain(PRAISE, BLAME[:49])],
        [feedback(PRAISE, [3] * len(PRAISE))],
        [feedback(PRAISE + PRAISE, [5] * len(PRAISE) + [1] * len(PRAISE))],
        [unrated(*PRAISE, *BLAME)],
    ],
    ids=["nothing", "no rows", "one row", "one side", "49 of one side", "all mixed", "contradictions", "no ratings"],
)
def test_where_there_is_too_little_it_says_what_is_missing(batches):
    voices = learn(batches)
    assert not voices.models
    assert set(voices.missing) == {"en", "zh", "fil"}
    assert "50" in voices.missing["en"].render("en")


def test_ratings_that_say_nothing_are_no_model():
    """Where words have nothing to do with ratings, nothing is said of words."""
    chance = np.random.default_rng(5)
    texts = [f"the {one:x} {other:x}" for one, other in chance.integers(10**9, size=(400, 2))]
    voices = learn([feedback(texts, chance.choice([1, 5], len(texts)))])
    assert "en" in voices.missing or voices.models["en"].figures.accuracy < 0.65


def test_given_reviews_help_where_own_feedback_is_thin():
    voices = learn([plain(PRAISE[:10], BLAME[:10])], given=[plain()])
    assert voices.origins["en"] is Origin.GIVEN
    assert "your own texts" in " ".join(each.render("en") for each in voices.told("en"))
    assert len(learn([plain()]).told("en")) == len(voices.told("zh")) == 1
    assert learn([plain()], given=[plain(BLAME, PRAISE)]).to_json() == learn([plain()]).to_json()


def test_a_very_long_text_is_read_from_its_beginning(voices):
    scored = voices.score(unrated("It is superb. " * 200 + "It is awful. " * 200_000))
    assert scored.column("mood").to_pylist() == ["positive"]


def test_reviews_are_read_from_files(tmp_path):
    (tmp_path / "a.csv").write_text("said,stars\ngood lamp,5\nbad lamp,1\n", encoding="utf-8")
    read = list(rated(reviews(tmp_path, text="said", score="stars", scale_max=5)))
    assert [(each.text, each.mood) for each in read] == [("good lamp", "positive"), ("bad lamp", "negative")]
    with pytest.raises(CarpelError, match="no column"):
        list(reviews(tmp_path))
    with pytest.raises(CarpelError, match="no Parquet or CSV"):
        list(reviews(tmp_path / "none"))


def test_a_language_that_feedback_names_is_believed():
    tags = ["zh-Hant", "tl", "en_GB", "xx", None]
    read = rated([unrated(*["ok"] * 5, language=pa.array(tags))])
    assert [each.language for each in read] == ["zh", "fil", "en", "en", "en"]


def test_what_a_customers_entries_say_together():
    days = [date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 1), date(2026, 3, 1), None, date(2026, 1, 1)]
    entries = pa.RecordBatch.from_pydict({
        "customer_no": pa.array([7, 7, 7, 9, 7, None], pa.int64()), "day": pa.array(days, pa.date32()),
    })  # fmt: skip
    moods = ["positive", "negative", "positive", None, "mixed", "positive"]
    sure = [1.0, 0.7, 0.9, None, 1.0, 1.0]
    scored = pa.RecordBatch.from_pydict({"mood": moods, "confidence": sure})
    found = Heard()
    found.add(entries, scored)
    first, second = found.table().to_pylist()
    assert first == {
        "customer_no": 7, "entries": 4, "positive": 2, "negative": 1, "sentiment": 0.25,
        "last_mood": "negative", "last_confidence": 0.7, "last_day": date(2026, 3, 1),
    }  # fmt: skip
    assert (second["customer_no"], second["entries"], second["sentiment"]) == (9, 1, None)
    assert aligned(found.table(), pa.array([9, 8, 7], pa.int64()))["positive"].to_pylist() == [0, None, 2]
    assert Heard().table().num_rows == 0
    assert aligned(Heard().table(), pa.array([1], pa.int64()))["sentiment"].to_pylist() == [None]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Love it!", "en"),
        ("Ang ganda ng tela, salamat po seller", "fil"),
        ("nag-order ako ulit kasi good quality and fast delivery", "fil"),
        ("送餐很快，味道不错", "zh"),
        ("送餐很快，味道不錯", "zh"),
        ("iPhone 很好用", "zh"),
        ("Очень хорошо", None),
        ("とても良い", None),
        ("👍👍", None),
        ("", None),
    ],
)
def test_languages_are_told_apart(text, language):
    assert language_of(text) == language
