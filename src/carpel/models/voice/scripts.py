"""Which language a text is in, and characters made comparable, one for one, so that positions stay."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from carpel.models.voice.traditional import SIMPLIFIED

READ: Final = 1_000
"""Characters of a text that are read; what comes after has no part."""
WORDS: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
"""Runs of letters."""

CHINESE: Final = "zh"
ENGLISH: Final = "en"
FILIPINO: Final = "fil"
LANGUAGES: Final = (ENGLISH, CHINESE, FILIPINO)
"""What is told apart; Chinese is one language in two scripts."""

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_FOREIGN: Final = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")
_MANY_HAN: Final = 0.2
_ONE_IN: Final = 7
"""Filipino words among English ones, one in so many, make Taglish."""
_MANY_WORDS: Final = 12
"""Of so many words of a text, some should be English or Filipino."""

_ENGLISH: Final = frozenset(
    """the a an and of is are was were be been it its it's i'm i've my we our you your he she they them their this
    that these those with for from have has had not don't doesn't didn't can't but if when what which who how
    why very just than then there would could should will can do does did because about after before only more
    most much many some any all good great love like product works work easy bad nice best better thank thanks
    we've one new still get got really even now also way thing things well too into out over here""".split()  # noqa: SIM905
)
_FILIPINO: Final = frozenset(
    """ang ng nang mga sa na ko mo niya nya nila namin natin ninyo nyo niyo kami kayo sila siya sya ako ikaw tayo
    ay si ni kay po opo ho yung yong ung iyong yun yan ito iyan iyon dito diyan doon hindi hnd hndi di wala
    walang wla meron mayroon lang lng lamang naman nmn nman namn pero kaso kasi kc kase dahil kaya kung pag
    kapag para talaga tlga din rin pa pala parang sana sna daw raw ba nga eh yata muna ulit uli agad lahat iba
    ibang isa isang nito nung noong kahit tapos tas sobra sobrang medyo mas maganda ganda gandang mabilis bilis
    matagal tagal maayos ayos salamat sulit sira sirang pangit mahal mura gusto ayaw wag huwag bakit ano saan
    kailan gumagana dumating bumili binili nabili kulang mali tama maliit malaki lalo sakin akin amin atin inyo
    nasa may mula hanggang basta tuwing mag nag pang naka nalang parin nakaka tong etong nyong sobrang nong""".split()  # noqa: SIM905
)
_EITHER: Final = frozenset(["may", "at", "to", "so", "no", "all", "like"])
_CHINESE: Final = frozenset(
    """就是 一个 这个 那个 可以 没有 但是 而且 这么 那么 什么 怎么 如果 虽然 有些 因为 所以 还是 真的 非常 特别
    有点 下次 每次 这次 时候 的时候 一些 一下 一样 一直 已经 觉得 感觉 希望 还会 还有 不是 不会 不能 不要 我们
    你们 他们 自己 大家 今天 现在 以后 之后 然后 不过 只是 只有 可能 应该 需要 想要 请问 您好 你好 谢谢 多谢
    非常感谢 这家 两个 几个 第一次 比较 稍微 挺好 还行 还可以 不错 知道 出来 起来 里面 其他 其实 别的 关于""".split()  # noqa: SIM905
)
_COURTESIES: Final = frozenset(
    """hello hey dear sir madam team morning afternoon evening please kindly regards regarding sincerely let know today
    tomorrow yesterday note soon short question looking forward hurry account last next week month time times again
    done nothing talk call called left message asked customer want need
    magandang umaga hapon gabi araw tanong tungkol maraming tawag tumawag pakisabi nagmamadali usap tayo pakibasa
    nagtanong nag-iwan kailangan kailangang ngayong ngayon naming kaming namin pong inyong excited hindi-naman
    早安 早上好 下午好 午安 晚安 晚上好 问一下 想问 想问一下 请告知 告知 不着急 着急 不急 回头见 回头 再联络
    联络 上次 马上
    今日 记录 纪录 期待 很期待 下周 下週 打给我 感谢 留了言 留言 下次再跟
    询问""".split()  # noqa: SIM905
)
LITTLE_WORDS: Final = _ENGLISH | _FILIPINO | _CHINESE | _COURTESIES
"""Words that texts of any matter have."""
_AFFIXED: Final = re.compile(r"^(?:nag|mag|pinag|pinaka|naka|maka|napaka|nakaka|ipina|pag|ipag)[a-z]{4,}$")


def folded(text: str) -> str:
    """Small letters, plain widths and simplified characters; each character stays where it was."""
    return "".join(map(_plain, text))


@cache
def _plain(character: str) -> str:
    for changed in (unicodedata.normalize("NFKC", character), character):
        small = changed.lower()
        if len(small) == 1:
            return SIMPLIFIED.get(small, small)
    return character


def language_of(text: str) -> str | None:
    """One of `LANGUAGES`, by script and by the small words that each language cannot do without; else None.

    Taglish counts as Filipino. Letters of other scripts, and long texts without a known word, are none of the three.
    """
    text = text[:READ]
    letters = sum(map(len, WORDS.findall(text)))
    if not letters or _KANA.search(text):
        return None
    han = len(_HAN.findall(text))
    if han >= _MANY_HAN * letters:
        return CHINESE
    if len(_FOREIGN.findall(text)) - han > letters / 2:
        return None
    return _by_words([word.replace("’", "'") for word in WORDS.findall(folded(text))])


def _by_words(words: list[str]) -> str | None:
    filipino = sum(_speaks_filipino(word) for word in words)
    english = sum(word in _ENGLISH and word not in _EITHER for word in words)
    if filipino * _ONE_IN >= max(english, 1):
        return FILIPINO
    return ENGLISH if english or len(words) < _MANY_WORDS else None


def _speaks_filipino(word: str) -> bool:
    return (word in _FILIPINO and word not in _EITHER) or bool(_AFFIXED.match(word))


def script_of(text: str) -> str | None:
    """`Hans` or `Hant`, whichever has more characters that the other does not write; None where neither has."""
    simplified = sum(map(_only_simplified, text))
    traditional = sum(map(_only_traditional, text))
    if simplified == traditional:
        return None
    return "Hans" if simplified > traditional else "Hant"


@cache
def _only_simplified(character: str) -> bool:
    return _writes(character, "gb2312") and not _writes(character, "big5")


@cache
def _only_traditional(character: str) -> bool:
    return _writes(character, "big5") and not _writes(character, "gb2312")


def _writes(character: str, standard: str) -> bool:
    """Whether the old national standard of one script has the character."""
    if not _HAN.match(character):
        return False
    try:
        character.encode(standard)
    except UnicodeEncodeError:
        return False
    return True
