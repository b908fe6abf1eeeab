"""Rules are told in words, to people who have never seen a rule."""

import re

import pytest

from carpel.kernel.language import sentence
from carpel.kernel.texts import LANGUAGES
from carpel.schemes import KINDS, read_scheme, template
from carpel.schemes.binding import bind
from carpel.schemes.wording import Vocabulary
from tests.schemes.company import catalogue
from tests.schemes.test_templates import EVERYTHING, WORDS

CODE = re.compile(r"[<>=']|[a-z]_[a-z]")
"""Signs of the rule language, and keys."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_rule_of_a_template_reads_as_code(kind):
    holding = catalogue(*EVERYTHING)
    scheme = read_scheme(template(kind, holding, WORDS), f"{kind}.yaml")
    bound = bind(scheme, holding.symbols)
    words = Vocabulary(bound, holding)
    keys = {each.key for each in EVERYTHING}
    rules = [each.when for _, each in scheme.walk() if each.when]
    assert rules or kind == "everyone"
    for rule in rules:
        said = sentence(bound.tree(rule), words.labels, word=words.word)
        for language in LANGUAGES:
            shown = said.render(language)
            for key in sorted(keys, key=len, reverse=True):
                # This company's attributes have no labels but their keys.
                shown = shown.replace(key, "")
            assert not CODE.search(shown), (language, shown)
