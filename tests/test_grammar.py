"""Kinds and values of numerals in sentences, one class of text after the other."""

from __future__ import annotations

import pytest

from pipeline.numbers.decimals import decimal_text
from pipeline.numbers.extract import extract
from pipeline.numbers.mention import STATISTICAL

SENTENCES = [
    # the page: what is counted, and what is a name or an idiom
    ("动员1.4万余名党员、300余名民兵", "14000名 300名"),
    ("每一项工作、每一个岗位，进一步转化", ""),
    ("推进“三项工程、一项管理”，抓好“六稳六保”", ""),
    ("六厂前街社区党委入选第三批先进", ""),
    ("编辑热线12345，M03版", ""),
    # administration
    ("全县有12镇3乡2街道、235个行政村", "12镇 3乡 2街道 235个"),
    ("八大特色展区，三大战役", "8 3"),
    ("二十大以来，“十四五”期间，三农工作", ""),
    ("十四届全国人大二次会议，二十届三中全会", ""),
    ("已连续举办六届，第20届常会", "6届"),
    ("启动Ⅳ级应急响应，三级甲等医院，百亿级项目", ""),
    ("一期工程，第二期，首批", ""),
    # bulletins
    ("新增确诊病例5487和无症状感染者9545例", "5487 9545例"),
    ("病例1为中国籍，病例2—病例95，居住于浦东", ""),
    ("1.加强领导；2.落实责任；（3）督查", ""),
    ("发热病人中3死14伤", "3 14"),
    # quakes and fires
    ("发生6.1级地震，烈度达Ⅷ度，震源深度10千米", "6.1级 8度 10千米"),
    ("最低气温零下5℃，中心气压950百帕，风力9至11级", "-5℃ 950百帕 9..11级"),
    ("燃烧3个多小时，过火面积500平方米", "3个小时 500平方米"),
    # sport
    ("以2比1取胜，大比分3:2，21-18、18-21", ""),
    ("男子100米决赛跑出9秒83，跳高2米35", "9.83秒 2.35米"),
    ("201金111银71铜，31分、7个篮板", "201金 111银 71铜 31分 7个"),
    ("晋级四强，500强企业，四分之一决赛", ""),
    # elections
    ("以65票赞成、3票反对通过，得票率51.2%", "65票 3票 51.2%"),
    # money
    ("存款454.18万元，派息每股0.5元，跌25个基点", "4541800元 0.5元 25个基点"),
    ("五块八一斤，三元五角，两万亿港元", "5.8块 1斤 3.5元 2000000000000港元"),
    ("分别为1、2、3万元", "10000元 20000元 30000元"),
    ("7.8和9.5亿元", "780000000元 950000000元"),
    # shares, fractions, multiples
    ("近三成，六成半，五成四，打七折，9.9折", "30% 65% 54% 70% 99%"),
    ("百分之六十五点三，千分之三，0.3个百分点", "65.3% 0.3% 0.3个百分点"),
    ("牲畜3460头只，抽检1505个批次，8个中队，这7人均认罪", "3460头只 1505个批次 8个 7人"),
    ("9日夜间至11日夜间有雨，连续作战三日夜", "3日夜"),
    ("外省57 金山9 松江5，夺得3金2银", "57 9 5 3金 2银"),
    ("占1/4，三分之一，一又二分之一", "0.25 0.3333333333333333333333333333 1.5"),
    ("16分之5，负3分之负157", "0.3125 52.33333333333333333333333333"),
    ("翻了一番，增长3倍多", "1番 3倍"),
    ("占比近一半；事情做了一半", "0.5 0.5"),
    ("三次产业比为22.8:38.8:38.4", "22.8 38.8 38.4"),
    # Hong Kong
    ("惠及約一百四十萬名長者，每人3,000元", "1400000名 3000元"),
    ("拘捕廿三名男女，廿多部消防車", "23名 20部"),
    ("六成半人滿意，三分一人不滿，年息48厘", "65% 0.3333333333333333333333333333 48厘"),
    ("面積1,850平方呎", "1850平方呎"),
    # 一
    ("一名14岁女孩，一人死亡，一份报告，一个问题", "1名 14岁 1人"),
    ("过去一年，每年一次，一些意见，一体化", "1次"),
    # names and models
    ("C919大型客机，PM2.5浓度，F-16战机，米格-31", ""),
    ("GDP5000亿元，AQI均值80微克", "500000000000元 80微克"),
    ("第三代半导体，第Ⅱ型，龙舟赛53秒804", "53.804秒"),
    ("北京四环路、方兴二路、交警三大队", ""),
    ("电话：0371-66668888，邮编450000，股票代码000999", ""),
    ("见https://tv.cctv.com/2023/03/10/VIDE2b6.shtml。", ""),
    ("兵分三路，来自三国的40名遇难者", "3路 3国 40名"),
    # prices and rates
    ("三万一天，两千五一个月", "30000 1天 2500 1个月"),
    ("流量4100立方米/秒，时速160公里/小时", "4100立方米/秒 160公里/小时"),
]


def stated(text: str) -> str:
    """The quantities of a text, each as its value or bounds with its unit."""
    mentions = [m for m in extract(text).mentions if m.kind in STATISTICAL]
    bounds = [f"{decimal_text(m.low)}..{decimal_text(m.high)}" for m in mentions]
    return " ".join(
        f"{bound if m.value is None else decimal_text(m.value)}{m.unit or ''}"
        for m, bound in zip(mentions, bounds, strict=True)
    )


@pytest.mark.parametrize(("sentence", "quantities"), SENTENCES, ids=[s for s, _ in SENTENCES])
def test_a_sentence_states_these_quantities(sentence: str, quantities: str) -> None:
    assert stated(sentence) == quantities


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("共3名以上", ["3名以上"]),
        ("近9000名党员", ["9000名"]),
        ("为第 159 页", ["第 159 页"]),
        ("20万人次以上", ["20万人次以上"]),
        ("数百名", ["百名"]),
        ("零下5℃", ["零下5℃"]),
        ("-3.5%", ["-3.5%"]),
        ("一个 百 分 点", ["一个 百 分 点"]),
    ],
)
def test_a_span_runs_from_the_numeral_to_the_unit(text: str, spans: list[str]) -> None:
    assert [m.text for m in extract(text).mentions] == spans


@pytest.mark.parametrize(
    ("spaced", "value"),
    [
        ("三百 五 十 二", "352"),
        ("十 余 万", "100000"),
        ("四百 点 五", "400.5"),
        ("百 分之 五", "5"),
        ("1000 万", "10000000"),
    ],
)
def test_spaces_inside_a_number_do_not_break_it(spaced: str, value: str) -> None:
    (mention,) = extract(spaced).mentions
    assert decimal_text(mention.value) == value
    assert mention.text == spaced


@pytest.mark.parametrize("text", ["六厂前街改造完成。", "在六厂前街道召开", "，六厂前街；", "第三批六厂前街"])
def test_a_street_named_by_a_numbered_works_is_one_name_wherever_it_stands(text: str) -> None:
    (name,) = (mention for mention in extract(text).mentions if mention.text != "第三批")
    assert (name.text, name.kind) == ("六厂前街", "name")
