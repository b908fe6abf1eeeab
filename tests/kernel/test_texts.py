"""Every sentence exists in every language, with the same blanks to fill."""

import ast
import re
from collections.abc import Iterator
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
KEY = re.compile(rf"(?:{'|'.join(DOMAINS)})\.[a-z][a-zA-Z0-9_.-]*")


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


def written_keys() -> Iterator[tuple[Path, int, str, bool]]:
    """Every message key in the code: file, line, key, and whether it is whole or only the beginning of one."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not _takes_a_key(node):
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and KEY.fullmatch(first.value):
                yield path, node.lineno, first.value, True
            elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                beginning = str(first.values[0].value)
                if beginning.partition(".")[0] in DOMAINS:
                    yield path, node.lineno, beginning, False


def _takes_a_key(call: ast.Call) -> bool:
    name = str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
    return name in {"text", "Text", "say"} or name.lower().endswith(("error", "issue"))


def test_every_key_in_the_code_has_its_sentence() -> None:
    """Nobody ever reads a bare key."""
    known = {key for domain in DOMAINS for key in messages("en", domain)}
    lacking = [
        f"{path.relative_to(SOURCE)}:{line}: {key}"
        for path, line, key, whole in written_keys()
        if (key not in known if whole else not any(each.startswith(key) for each in known))
    ]
    assert not lacking, lacking


def test_parameters_are_written_as_the_language_writes_them() -> None:
    """Numbers, dates and nested texts follow the reader's language."""
    said = text("language.says-between", left=text("kernel.value-true"), low=Decimal("1234.5"), high=date(2025, 7, 31))
    assert said.render("en") == "yes is between 1,234.5 and Jul 31, 2025"
    assert said.render("zh-Hant") == "是在 1,234.5 與 2025年7月31日 之間"


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
