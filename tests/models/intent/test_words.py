"""What outcomes, stages and phrases mean in four languages."""

import pytest

from carpel.kernel.texts import LANGUAGES
from carpel.models.intent import Intent, Reason, meant_by, meant_by_stage, reasons_in


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("interested", "interested"),
        ("Very_Interested", "interested"),
        ("有意向", "interested"),
        ("想訂下一批", "interested"),
        ("interesado po", "interested"),
        ("thinking", "hesitating"),
        ("还在犹豫", "hesitating"),
        ("還在猶豫，要和老闆商量", "hesitating"),
        ("pinag-iisipan pa", "hesitating"),
        ("Call back later", "not_now"),
        ("暂时不考虑", "not_now"),
        ("暫時不需要", "not_now"),
        ("saka na lang po", "not_now"),
        ("not interested at the moment", "not_now"),
        ("we do not need it this year", "not_now"),
        ("declined", "never"),
        ("Not interested", "never"),
        ("不感兴趣", "never"),
        ("沒有興趣", "never"),
        ("ayaw na", "never"),
        ("never contact us again this year", "never"),
        ("do not contact", "never"),
        ("done", None),
        ("resolved", None),
        ("translator", None),
        ("", None),
        (None, None),
    ],
)
def test_what_is_said_outright(words, intent):
    assert meant_by(words) == intent


@pytest.mark.parametrize(
    ("stage", "intent"),
    [
        ("Negotiation/Review", "interested"),
        ("Closed Won", "interested"),
        ("Closed Lost", "not_now"),
        ("on_hold", "not_now"),
        ("谈判中", "interested"),
        ("輸單", "not_now"),
        ("stage 7", None),
        (None, None),
    ],
)
def test_what_stages_say(stage, intent):
    assert meant_by_stage(stage) == intent


@pytest.mark.parametrize(
    ("words", "reasons"),
    [
        ("The price is too high and we are comparing", {"price", "competitor"}),
        ("价格对我们有点高", {"price"}),
        ("價格有點高，已經和別家簽約", {"price", "competitor"}),
        ("medyo mahal, baka next month", {"price", "timing"}),
        ("my boss has to agree first", {"decision"}),
        ("不需要", {"no_need"}),
        ("sira yung huling order", {"quality"}),
        ("thank you", set()),
        (None, set()),
    ],
)
def test_reasons_that_are_named(words, reasons):
    assert set(reasons_in(words)) == reasons


def test_everything_has_a_name_in_every_language():
    for each in (*Intent, *Reason):
        for language in LANGUAGES:
            assert "models." not in each.label.render(language)
