"""Column names as words that can be compared, whoever wrote them and however."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Traditional characters of column names and their simplified forms, so that one vocabulary serves both.
_SIMPLIFIED: Final = str.maketrans(
    "戶編號訂單時間額數產稱聯絡電話機總價類別買賣業務員會顧國區縣鎮鄉齡學歷職薪興愛條碼貨購銷費營發開帳號應實際優惠運稅幣種備註評級門僱經係隊標誌統"
    "採選擇動態狀況資料庫儲負責關閉階區域續簽約結束說明詳細項獲來與從達預測點擊錄記問題滿內連結網線廣體個頁無進據寶貝寄處長執報複雜啟"
    "計場製寫論議試認證護讓變遞適鍵隨領頻顯驗曆歲氣獎畢畫異當監禮離積範終組給維繫舊親訪詢設調請讀財質贈輸轉辦過還郵錢陳",
    "户编号订单时间额数产称联络电话机总价类别买卖业务员会顾国区县镇乡龄学历职薪兴爱条码货购销费营发开帐号应实际优惠运税币种备注评级门雇经系队标志统"
    "采选择动态状况资料库储负责关闭阶区域续签约结束说明详细项获来与从达预测点击录记问题满内连结网线广体个页无进据宝贝寄处长执报复杂启"
    "计场制写论议试认证护让变递适键随领频显验历岁气奖毕画异当监礼离积范终组给维系旧亲访询设调请读财质赠输转办过还邮钱陈",
)
_BRACKETED: Final = re.compile(r"[(\[{（【［〔].*?[)\]}）】］〕]")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


def tokens(name: str) -> tuple[str, ...]:
    """The words of a name: `CustomerID` and `customer_id` are both customer, id. What brackets hold is left out."""
    plain = _BRACKETED.sub(" ", unicodedata.normalize("NFKC", name))
    split = _HUMP.sub(" ", plain or name).translate(_SIMPLIFIED).casefold()
    return tuple(re.findall(r"[^\W_]+", split))


def squashed(name: str) -> str:
    """The words of a name without what is between them, so that `E-mail` is `email`."""
    return "".join(tokens(name)) or name.strip().casefold()


def bracketed(name: str) -> str:
    """What a name's brackets hold, such as the unit in `金额(元)`; empty where there are none."""
    found = _BRACKETED.findall(unicodedata.normalize("NFKC", name))
    return " ".join(each[1:-1] for each in found)


def is_chinese(name: str) -> bool:
    """Whether a name is written in Chinese characters."""
    return bool(_CHINESE.search(name))


def is_traditional(name: str) -> bool:
    """Whether a name holds a character that only traditional writing uses."""
    return name.translate(_SIMPLIFIED) != name
