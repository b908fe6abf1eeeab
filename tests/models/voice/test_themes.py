"""What texts are about, and what of it nobody sold."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from carpel.kernel.texts import LANGUAGES
from carpel.models.voice import Themes, learn_themes, unmet_needs
from carpel.models.voice.terms import terms_found, terms_in
from tests.models.voice.samples import unrated

MATTERS = {
    "delivery": ("delivery", "courier", "parcel", "doorstep", "driver"),
    "battery": ("battery", "charger", "cable", "socket", "voltage"),
    "coffee": ("coffee", "beans", "roast", "espresso", "grinder"),
    "invoice": ("invoice", "payment", "receipt", "discount", "refund"),
}
MATTERS_ZH = {
    "配送": ("配送", "骑手", "包裹", "快递", "门口"),
    "电池": ("电池", "充电", "插座", "电压", "手机"),
    "咖啡": ("咖啡", "豆子", "烘焙", "磨豆机", "拿铁"),
}


def texts_of(words):
    return [f"about the {a} and {b} with {c}" for a, b, c in itertools.permutations(words, 3)]


def texts_zh(words):
    return [f"{a}，关于{b}。还有{c}！" for a, b, c in itertools.permutations(words, 3)]


ENGLISH = {matter: texts_of(words) for matter, words in MATTERS.items()}
ALL = list(itertools.chain(*ENGLISH.values()))


@pytest.fixture(scope="module")
def themes():
    return learn_themes([unrated(*ALL, *itertools.chain(*map(texts_zh, MATTERS_ZH.values())))])


def test_planted_themes_are_found_as_many_as_there_are(themes):
    found = {frozenset(each.words[:5]) for each in themes.topics["en"].themes}
    assert found == {frozenset(words) for words in MATTERS.values()}
    assert themes.topics["en"].stability > 0.6
    assert [each.share for each in themes.topics["en"].themes] == pytest.approx([0.25] * 4)


def test_chinese_words_are_found_without_spaces(themes):
    found = {frozenset(each.words[:5]) for each in themes.topics["zh"].themes}
    assert found == {frozenset(words) for words in MATTERS_ZH.values()}


def test_a_text_is_put_to_its_theme_in_either_script(themes):
    (simplified, traditional, nothing, empty) = themes.about(unrated("充电太慢", "充電太慢", "随便", ""))
    assert simplified is not None
    assert simplified is traditional
    assert "电池" in simplified.words
    assert nothing is None
    assert empty is None


def test_examples_show_where_the_words_are(themes):
    for theme in themes.all:
        assert theme.examples
        for example in theme.examples:
            assert example.spans
            for start, end in example.spans:
                assert example.text[start:end].casefold() in theme.words


def test_the_order_of_texts_and_copies_mean_nothing(themes):
    order = np.random.default_rng(1).permutation(len(ALL))
    mixed = learn_themes([unrated(*(ALL[at] for at in order)), unrated(*ALL[:50])])
    assert mixed.topics["en"].to_json() == themes.topics["en"].to_json()


def test_what_was_kept_sorts_texts_the_same(themes):
    again = Themes.from_json(themes.to_json())
    batch = unrated(*ALL[::7], "no word of it", "充电")
    assert again.about(batch) == themes.about(batch)
    assert again.to_json() == themes.to_json()


@pytest.mark.parametrize("texts", [[], [""], ["one text"], ALL[:20], ["same words again"] * 500, ["😀"] * 99])
def test_too_few_texts_are_said_to_be_too_few(texts):
    found = learn_themes([unrated(*texts)])
    assert found.all == ()
    assert "60" in found.missing["en"].render("en")
    assert all("{" not in found.missing["en"].render(each) for each in LANGUAGES)


def test_many_texts_with_few_words_have_few_themes():
    words = list(itertools.chain(*MATTERS.values()))[:8]
    found = learn_themes([unrated(*(f"{one}. {other}. {n}" for n in range(9) for one in words for other in words))])
    assert 1 <= len(found.all) <= 4
    assert sum(theme.share for theme in found.all) == pytest.approx(1.0)


def test_terms_lie_within_the_text():
    texts = ["Battery-life of the iPhone 充电太慢 BATTERY", "充電", "İstanbul charger"] * 4
    known = frozenset(terms_found(texts)) | {"充电", "battery-life", "charger"}
    for text in texts:
        for term in terms_in(text, known):
            assert 0 <= term.start < term.end <= len(text)
    assert [each.word for each in terms_in(texts[0], known) if each.word in {"充电", "battery-life"}] == [
        "battery-life",
        "充电",
    ]


def entries_of(matters, **more):
    said = [text for matter in matters for text in ENGLISH[matter][:10]]
    numbers = pa.array(range(len(said)), pa.int64())
    return unrated(*said, customer_no=numbers, **{key: pa.array([value] * len(said)) for key, value in more.items()})


PRODUCTS = pa.RecordBatch.from_pydict({
    "product_id": ["p1", "p2", "p3"], "name": ["House beans 1 kg", "Charger 20 W", "Sofa"],
    "category": ["Coffee", "Power", "Living room"],
})  # fmt: skip


def bought_by(customers, product):
    return pa.RecordBatch.from_pydict({
        "customer_no": pa.array(list(customers), pa.int64()), "product_id": [product] * len(customers),
    })  # fmt: skip


def test_a_theme_that_nobody_bought_an_answer_to_is_an_unmet_need(themes):
    entries = entries_of(["coffee", "battery", "delivery"])
    bought = [bought_by(range(10), "p1"), bought_by(range(10, 20), "p3")]
    found = {frozenset(each.theme.words[:5]): each for each in unmet_needs(themes, [entries], bought, [PRODUCTS])}
    assert set(found) == {frozenset(MATTERS["battery"]), frozenset(MATTERS["delivery"])}
    battery, delivery = found[frozenset(MATTERS["battery"])], found[frozenset(MATTERS["delivery"])]
    assert (battery.customers, battery.unmet, battery.share) == (10, 10, 1.0)
    assert battery.examples == (10, 11, 12, 13, 14)
    assert battery.offered == ("Charger 20 W",)
    assert delivery.offered == ()


def test_praise_is_no_need_and_few_customers_are_none(themes):
    assert unmet_needs(themes, [entries_of(["battery"], mood="positive")], [], [PRODUCTS]) == ()
    assert unmet_needs(themes, [entries_of(["battery"]).slice(0, 4)], [], [PRODUCTS]) == ()
    assert unmet_needs(themes, [], [], []) == ()


def test_what_others_bought_answers_nothing(themes):
    (need,) = unmet_needs(themes, [entries_of(["coffee"])], [bought_by(range(100, 200), "p1")], [PRODUCTS])
    assert need.unmet == 10
