"""Every sentence exists in every language, with the same blanks to fill."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import carpel
from carpel.kernel.texts import LANGUAGES, Labels, language_of, text

SOURCE = Path(carpel.__file__).parent
LOCALE = SOURCE / "kernel" / "locale"
FORMS = {"en": 2, "fil": 2, "zh-Hans": 1, "zh-Hant": 1}
DOMAINS = sorted(path.stem for path in (LOCALE / "en").glob("*.po"))
KEY = re.compile(rf"(?:{'|'.join(DOMAINS)})\.[a-z][a-zA-Z0-9_.-]*$")


def messages(language: str, domain: str) -> dict[str, Message]:
    """A catalogue's entries by key."""
    with (LOCALE / language / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    return {_key(message): message for message in catalogue if message.id}


def _key(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string),)


def _blanks(message: Message) -> set[str]:
    return {blank for form in _forms(message) for blank in re.findall(r"\{(\w+)\}", form)}


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_say_the_same_in_every_language(domain: str, language: str) -> None:
    """The same keys, the same blanks, as many plural forms as the language has, and nothing left empty."""
    english, other = messages("en", domain), messages(language, domain)
    assert other.keys() == english.keys()
    for key, message in other.items():
        assert key.startswith(f"{domain}.")
        assert all(form.strip() for form in _forms(message)), key
        assert _blanks(message) == _blanks(english[key]), key
        if isinstance(message.id, tuple | list):
            assert len(_forms(message)) == FORMS[language], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_the_same_catalogues_in_every_language(language: str) -> None:
    """No stage forgets a language."""
    assert sorted(path.stem for path in (LOCALE / language).glob("*.po")) == DOMAINS


@dataclass(frozen=True)
class Written:
    """A message key in the code.

    Attributes:
        place: File and line.
        key: The key, or its beginning.
        whole: Whether it is all there.
        given: What fills its blanks, where that can be seen.
    """

    place: str
    key: str
    whole: bool
    given: frozenset[str] | None


def written_keys() -> Iterator[Written]:
    """Every message key in the code."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
            domain = _domain_of(call)
            if domain is None:
                continue
            key, whole = _written(call.args[0])
            if KEY.match(domain + key):
                place = f"{path.relative_to(SOURCE)}:{call.lineno}"
                yield Written(place, domain + key, whole, _given(call))


def _given(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    seen = isinstance(call.func, ast.Name) and None not in names
    return frozenset(name for name in names if name) if seen else None


def _domain_of(call: ast.Call) -> str | None:
    """What a call puts before the key that it is given; None where it takes no key."""
    name = str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
    if name == "say":
        return "cli."
    return "" if name in {"text", "Text"} or name.lower().endswith(("error", "issue")) else None


def _written(argument: ast.expr) -> tuple[str, bool]:
    """A text as written; of one with blanks, what is before the first."""
    if isinstance(argument, ast.JoinedStr):
        return _written(argument.values[0])[0], False
    return (str(argument.value), True) if isinstance(argument, ast.Constant) else ("", True)


def test_every_key_in_the_code_has_its_sentence() -> None:
    """Nobody ever reads a bare key."""
    known = {key for domain in DOMAINS for key in messages("en", domain)}
    lacking = [
        f"{written.place}: {written.key}"
        for written in written_keys()
        if not (written.key in known if written.whole else any(key.startswith(written.key) for key in known))
    ]
    assert not lacking, lacking


def test_every_blank_is_filled() -> None:
    """No sentence fails for want of a parameter."""
    english = {key: message for domain in DOMAINS for key, message in messages("en", domain).items()}
    lacking = [
        f"{written.place}: {written.key} lacks {', '.join(sorted(blanks))}"
        for written in written_keys()
        if written.key in english and written.given is not None
        if (blanks := _blanks(english[written.key]) - written.given)
    ]
    assert not lacking, lacking


def test_no_brace_stands_alone() -> None:
    """A brace that is meant as one is doubled; any other would make the sentence fail when it is told."""
    every = [message for language in LANGUAGES for domain in DOMAINS for message in messages(language, domain).values()]
    for message in every:
        for form in _forms(message):
            form.format_map(dict.fromkeys(_blanks(message), ""))


def test_parameters_are_written_as_the_language_writes_them() -> None:
    """Numbers, dates and nested texts follow the reader's language."""
    said = text("language.says-between", left=text("kernel.value-true"), low=Decimal("1234.5"), high=date(2025, 7, 31))
    assert said.render("en") == "yes is between 1,234.5 and Jul 31, 2025"
    assert said.render("zh-Hant") == "是在 1,234.5 與 2025年7月31日 之間"


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 day"), (1.0, "1 day"), (1.5, "1.5 days"), (11.0, "11 days"), (0, "0 days")]
)
def test_a_count_has_its_plural_whether_whole_or_not(count: float, said: str) -> None:
    """Eleven days however the number is kept."""
    assert text("schemes.shown-days", count=count).render("en") == said


def test_a_label_falls_back_to_english_and_then_to_any() -> None:
    """A name that a person wrote in one language only is shown to everybody."""
    assert Labels({"en": "Gold", "zh-Hans": "金"}).render("zh-Hans") == "金"
    assert Labels({"en": "Gold", "zh-Hans": "金"}).render("fil") == "Gold"
    assert Labels({"zh-Hans": "金"}).render("en") == "金"
    assert Labels({}).render() == ""


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("zh_TW.UTF-8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh_CN.GB18030", "zh-Hans"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("tl_PH", "fil"),
        ("fil", "fil"),
        ("en_US.UTF-8", "en"),
        ("C", "en"),
        (None, "en"),
        ("de_DE", "en"),
    ],
)
def test_the_environment_names_a_language(wish: str | None, language: str) -> None:
    """Locale names as systems write them."""
    assert language_of(wish) == language
