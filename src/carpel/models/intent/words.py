"""Our own short lists: what staff and customers say in four languages, and what it means.

Chinese is written in simplified characters; both scripts are folded to them before anything is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from carpel.kernel.texts import Text, text
from carpel.models.voice.scripts import READ, folded


class Intent(StrEnum):
    """What a customer means to do."""

    INTERESTED = "interested"
    HESITATING = "hesitating"
    NOT_NOW = "not_now"
    NEVER = "never"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Text:
        """Its name in the reader's language."""
        return text(f"models.intent-{self.replace('_', '-')}")


class Reason(StrEnum):
    """What holds a customer back."""

    PRICE = "price"
    TIMING = "timing"
    COMPETITOR = "competitor"
    NO_NEED = "no_need"
    DECISION = "decision"
    QUALITY = "quality"

    @property
    def label(self) -> Text:
        """Its name in the reader's language."""
        return text(f"models.intent-reason-{self.replace('_', '-')}")


_FOR_GOOD: Final = (
    "never", "do not contact", "don't contact", "do not call", "don't call", "unsubscribed", "unsubscribe",
    "blacklist",
    "off the list", "remove us", "closing down", "out of business", "closing the branch",
    "不要再联系", "别再联系", "请勿联系", "勿扰", "永远不", "黑名单", "退订", "名单请把", "移除", "倒闭",
    "结业", "要关了",
    "huwag na", "wag na", "tanggalin", "pakitanggal", "hindi na kailanman", "magsasara", "isasara",
)  # fmt: skip
_REFUSED: Final = (
    "not interested", "no interest", "uninterested", "declined", "decline", "refused", "rejected", "rejects",
    "said no",
    "no need", "do not need", "don't need", "does not want", "doesn't want", "already signed", "disqualified",
    "没兴趣", "无兴趣", "不感兴趣", "没有兴趣", "无意向", "没意向", "拒绝", "不需要", "不想要", "不考虑",
    "婉拒", "已经和别家签",
    "hindi interesado", "di interesado", "walang interes", "ayaw", "tumanggi", "tinanggihan", "hindi kailangan",
    "hindi po namin kailangan", "di kailangan", "may kontrata na",
)  # fmt: skip
_PUT_OFF: Final = (
    "not now", "not yet", "later", "postponed", "postpone", "on hold", "deferred", "call back later", "next quarter",
    "next year", "not at the moment", "no budget", "budget was cut", "paused", "maybe next month",
    "暂不", "暂时不", "以后再说", "过段时间", "推迟", "延后", "搁置", "明年再", "下个月再说", "目前不",
    "现在不", "预算被", "没有预算",
    "没预算", "改天",
    "hindi muna", "di muna", "saka na", "sa susunod na", "mamaya na", "next month na lang", "next time na lang",
    "walang budget", "ipagpaliban", "tinanggal ang budget",
)  # fmt: skip
_UNDECIDED: Final = (
    "thinking", "hesitating", "hesitant", "considering", "undecided", "maybe", "comparing", "pending decision",
    "needs time", "has to agree", "evaluating", "a bit high", "unsure", "not sure", "to try first",
    "考虑", "犹豫", "观望", "比较中", "在比较", "纠结", "未决定", "再想想", "商量", "对我们有点高",
    "nag-iisip", "pinag-iisipan", "nagdadalawang-isip", "tinitimbang", "kinukumpara", "baka", "pag-iisipan",
    "kailangan pang pumayag", "kailangan pong pumayag", "medyo mahal",
)  # fmt: skip
_WANTED: Final = (
    "interested", "very interested", "wants to buy", "would like to order", "would like to buy", "ready to pay",
    "ready to buy", "hot lead", "quotation", "send a quote", "wants a quote", "demo booked", "agreed", "accepted",
    "order placed", "add to my next order", "please reserve", "want to start", "positive",
    "感兴趣", "有兴趣", "有意向", "意向强", "想买", "想订", "想要", "要下单", "已下单", "报价", "预留",
    "可以付款", "同意", "接受",
    "马上开始", "下一单",
    "interesado", "gusto bumili", "gusto umorder", "gusto po naming umorder", "gusto na namin", "bibili", "oorder",
    "pa-reserve", "pumayag", "idagdag",
)  # fmt: skip

_OF_NO_MATTER: Final = (
    "done", "resolved", "solved", "open", "closed", "completed", "no answer", "not reached", "voicemail", "sent",
    "left a message", "busy", "information given",
    "完成", "已解决", "解决", "已处理", "未接", "没接", "无人接听", "已发送", "已联系", "留言",
    "tapos na", "naayos", "nalutas", "walang sagot", "hindi sumagot", "naipadala",
)  # fmt: skip

_REASONS: Final[Mapping[Reason, tuple[str, ...]]] = {
    Reason.PRICE: (
        "price", "prices", "pricey", "expensive", "too high", "budget", "cost", "costs", "cheaper", "discount",
        "afford",
        "价格", "太贵", "有点贵", "偏贵", "贵了", "预算", "便宜", "折扣", "优惠", "有点高",
        "presyo", "mahal", "budget", "mura", "tawad",
    ),
    Reason.TIMING: (
        "this year", "next year", "next month", "next quarter", "at the moment", "right now", "not yet",
        "later", "busy",
        "still have", "in stock", "too early",
        "今年", "明年", "下个月", "下季度", "暂时", "目前", "以后", "最近忙", "太早", "还有库存", "过段时间",
        "ngayong taon", "susunod na taon", "next month", "saka na", "hindi pa", "may stock pa", "abala",
    ),
    Reason.COMPETITOR: (
        "another supplier", "other supplier", "competitor", "competitors", "elsewhere", "another vendor",
        "someone else",
        "already signed", "comparing", "switched",
        "别家", "另一家", "其他供应商", "竞争对手", "换一家", "对比", "比较",
        "ibang supplier", "sa iba", "kinukumpara", "kalaban", "lumipat",
    ),
    Reason.NO_NEED: (
        "no need", "do not need", "don't need", "not needed", "no use", "closing", "no longer use",
        "不需要", "用不上", "没需求", "没有需求", "不再用", "要关了", "要收了",
        "hindi kailangan", "hindi po namin kailangan", "di kailangan", "hindi na ginagamit", "magsasara",
    ),
    Reason.DECISION: (
        "my boss", "the boss", "manager has to", "partner has to", "has to agree", "approval", "committee", "board",
        "my wife", "my husband", "ask first",
        "老板", "领导", "合伙人", "商量", "审批", "批准", "老婆", "老公", "家人",
        "pumayag", "boss", "partner", "aprubahan", "approval", "asawa",
    ),
    Reason.QUALITY: (
        "quality", "broken", "damaged", "complaint", "bad service", "rude", "late delivery", "warranty", "defective",
        "质量", "坏了", "破损", "投诉", "服务差", "态度差", "保修", "保固", "保质期", "太慢",
        "sira", "reklamo", "bastos", "kalidad", "quality", "warranty",
    ),
}  # fmt: skip

_OPEN_STAGES: Final = (
    "open", "new", "qualified", "qualification", "proposal", "quote", "quoted", "negotiation", "negotiating",
    "engaging",
    "prospecting", "demo", "discovery", "contract", "won", "closed won",
    "已成交", "赢单", "谈判", "报价", "方案", "跟进", "初步接触", "panalo", "nakikipag-usap",
)  # fmt: skip
_HELD_STAGES: Final = ("on hold", "stalled", "paused", "postponed", "搁置", "暂停", "延后", "nakabinbin", "naka-hold")
_LOST_STAGES: Final = ("lost", "closed lost", "输单", "丢单", "失败", "talo", "nawala")


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Whole words where letters are spelt, anything that holds it in Chinese; the longest first."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    spelt = "|".join(re.escape(word) for word in ordered if word.isascii())
    chinese = "|".join(re.escape(word) for word in ordered if not word.isascii())
    parts = [rf"(?<![a-z])(?:{spelt})(?![a-z])" if spelt else "", chinese]
    return re.compile("|".join(part for part in parts if part))


_MEANINGS: Final = {
    name: _any_of(words)
    for name, words in (
        ("for good", _FOR_GOOD), ("refused", _REFUSED), ("put off", _PUT_OFF), ("undecided", _UNDECIDED),
        ("wanted", _WANTED),
    )
}  # fmt: skip
_WITHOUT_INTENT: Final = _any_of(_OF_NO_MATTER)
_BECAUSE: Final = {reason: _any_of(words) for reason, words in _REASONS.items()}
_STAGES: Final = (
    (_any_of(_LOST_STAGES), Intent.NOT_NOW),
    (_any_of(_HELD_STAGES), Intent.NOT_NOW),
    (_any_of(_OPEN_STAGES), Intent.INTERESTED),
)


def meant_by(words: str | None) -> Intent | None:
    """What an outcome, or a sentence, says outright; None where it says nothing of the kind.

    A refusal that only speaks of time is "not now"; one for good stays "never".
    """
    said = _plain(words)
    if not said:
        return None
    there = {name for name, pattern in _MEANINGS.items() if pattern.search(said)}
    if "for good" in there:
        return Intent.NEVER
    if "refused" in there:
        return Intent.NOT_NOW if "put off" in there or _BECAUSE[Reason.TIMING].search(said) else Intent.NEVER
    if "put off" in there:
        return Intent.NOT_NOW
    if "undecided" in there:
        return Intent.HESITATING
    return Intent.INTERESTED if "wanted" in there else None


def means_nothing(outcome: str) -> bool:
    """Whether an outcome is known to have nothing to do with what a customer means to do."""
    return bool(_WITHOUT_INTENT.search(_plain(outcome)))


def meant_by_stage(stage: str | None) -> Intent | None:
    """What the stage of an opportunity says; None where its name is not known."""
    said = _plain(stage)
    return next((intent for pattern, intent in _STAGES if said and pattern.search(said)), None)


def reasons_in(words: str | None) -> tuple[Reason, ...]:
    """Reasons that are named, in the order of `Reason`."""
    said = _plain(words)
    return tuple(reason for reason, pattern in _BECAUSE.items() if said and pattern.search(said))


def _plain(words: str | None) -> str:
    return " ".join(folded((words or "")[:READ]).replace("_", " ").replace("’", "'").split())
