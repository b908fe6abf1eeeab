"""What is promised of real reviews in three languages."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.models.voice import learn, reviews
from carpel.models.voice.scripts import script_of

ROWS = 6_000
"""Of each set; more only adds to the figures."""


def some(batches):
    table = pa.Table.from_batches(batches)
    every = max(1, table.num_rows // ROWS)
    return table.take(pa.array(range(0, table.num_rows, every))).to_batches()


@pytest.fixture(scope="module")
def voices(data):
    folder = data / "reviews"
    stars = pq.read_table(folder / "shopee_reviews_tl_stars.parquet")
    filipino = pa.table({
        "text": stars["text"],
        "score": pa.array([each + 1.0 for each in stars["label"].to_pylist()]),
        "scale_max": pa.array([5.0] * stars.num_rows),
    })  # fmt: skip
    english = reviews(folder / "amazon_alexa.parquet", text="verified_reviews", score="rating", scale_max=5)
    chinese = reviews(folder / "waimai_10k.parquet", text="review", score="label", scale_max=1)
    return learn([*some(english), *some(chinese), *some(filipino.to_batches())])


@pytest.mark.parametrize("language", ["en", "zh", "fil"])
def test_at_eighty_percent_coverage_macro_f1_is_at_least_080_and_above_the_majority(voices, language):
    figures = voices.models[language].figures
    assert figures.texts >= 400
    assert figures.coverage >= 0.8
    assert figures.macro_f1 >= 0.8
    assert figures.macro_f1 > figures.majority_macro_f1
    assert figures.accuracy >= figures.majority_accuracy
    assert figures.calibration_error < 0.06
    assert str(figures.texts) in voices.models[language].told.render("en").replace(",", "")


@pytest.mark.parametrize("language", ["en", "zh", "fil"])
def test_saying_nothing_where_it_is_unsure_makes_it_right_more_often(voices, language):
    figures = voices.models[language].figures
    assert figures.accuracy > figures.accuracy_of_all
    assert figures.macro_f1 > figures.macro_f1_of_all


def test_how_often_a_side_is_said_of_what_was_rated_in_between_is_told(voices):
    filipino = voices.models["fil"]
    assert filipino.figures.mixed == 1_000
    assert 0.3 < filipino.figures.mixed_said < 0.9
    assert filipino.told_of_mixed is not None
    assert "1,000" in filipino.told_of_mixed.render("en")
    assert voices.models["zh"].told_of_mixed is None


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("送餐特别慢，菜都涼了，難吃", "negative"),
        ("送餐特別慢，飯都涼了，太難吃了", "negative"),
        ("味道很好，送餐很快，服務態度也好", "positive"),
        ("ang ganda ng quality, sulit na sulit, salamat seller", "positive"),
        ("sira nung dumating, hindi gumagana, sayang pera", "negative"),
        ("I love it, works great and the sound is amazing", "positive"),
    ],
)
def test_plain_words_are_understood_in_both_scripts(voices, text, mood):
    batch = pa.RecordBatch.from_pydict({"text": [text]})
    assert voices.score(batch).column("mood").to_pylist() == [mood]


def test_reviews_written_in_simplified_characters_teach_the_other_script_too(voices):
    assert script_of("飯都涼了，難吃") == "Hant"
    said = ["飯都涼了，太難吃了", "饭都凉了，太难吃了"]
    scored = voices.score(pa.RecordBatch.from_pydict({"text": said}))
    assert len(set(scored.column("confidence").to_pylist())) == 1
