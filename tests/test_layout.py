"""Reflow: blocks, sentences and the map of offsets."""

from __future__ import annotations

import pytest
from flowing import COLUMN, TEXT, blocks, check, kinds, sentences

from pipeline.texts.layout import reflow


def test_mastheads_come_first_and_headlines_last():
    found = blocks(TEXT)
    assert [kind for kind, _ in found[:2]] == ["masthead", "masthead"]
    assert {kind for kind, _ in found[2:-9]} == {"body"}
    assert [text for kind, text in found if kind == "headline"] == [
        "疫情防控 1.4万余名党员奔赴一线",
        "经济发展 23个“帐篷支部”推进项目建设",
        "高频宣讲 唱响主旋律 提振精气神 激发正能量",
        "献礼“七一”牢记初心使命 主动担当作为",
        "中原区委坚持党建引领，统筹做好疫情防控和经济社会发展工作",
        "书写高质量党建助推高质量发展“中原答卷”",
        "党组织在“三项工程、一项管理”中积极发挥作用",
        "党建引领，环境越变越美",
        "党旗飘扬，助力各项工作扎实推进",
    ]


def test_each_headline_is_a_sentence_of_its_own():
    assert sentences(TEXT)[-9:] == [text for kind, text in blocks(TEXT) if kind == "headline"]


@pytest.mark.parametrize(
    ("whole", "printed"),
    [
        ("拨付党费 36万余元，", "36万余\n元"),
        ("安排55个区直单位 1215名职工", "安排55\n个区直单位"),
        ("新增绿化面积 70万平方米", "新增绿化面\n积 70万"),
        ("各级党组织累计举办宣讲110余场次", "累计\n\n举办"),
        ("入户排查、志愿服务", "入户排\n\n查、"),
        ("防控力量不足的实际情况", "不足的\n\n实际"),
        ("包路段，吃住在“帐篷”", "包路段，\n\n吃住"),
        ("组织党员开展重温入党誓词", "组织党员\n\n开展"),
        ("发动 1.4万余名党员", "发\n动 1.4万"),
    ],
)
def test_what_was_broken_over_lines_and_columns_is_whole(whole, printed):
    flow = reflow(TEXT)
    begin = flow.text.index(whole)
    start, end = flow.source_span(begin, begin + len(whole))
    assert printed in TEXT[start:end]


def test_paragraphs_that_do_end_stay_apart():
    bodies = [text for kind, text in blocks(TEXT) if kind == "body"]
    assert len(bodies) == 14
    assert all(text.endswith("。") for text in bodies)


def test_blocks_of_the_page_keep_the_invariants():
    check(TEXT)


def test_a_column_becomes_one_paragraph():
    assert blocks(COLUMN) == [("body", COLUMN.replace("\n", ""))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0c"])
def test_wrapped_text_is_joined_whatever_ends_its_lines(end):
    text = COLUMN.replace("\n", end)
    assert blocks(text) == [("body", COLUMN.replace("\n", ""))]
    check(text)


def test_indentation_of_continued_lines_leaves_the_flow():
    text = "  " + COLUMN.replace("\n", "\n  ").rstrip()
    assert blocks(text) == [("body", COLUMN.replace("\n", ""))]


def test_a_page_number_does_not_interrupt_a_sentence():
    text = COLUMN.replace("服务站17\n", "服务站17\n第 154 页\n")
    flow = check(text)
    assert "新建社区养老服务站17个" in flow.text
    assert [text[start:end] for start, end in flow.asides] == ["第 154 页"]
    assert "154" not in flow.text


def test_a_page_number_between_paragraphs_is_furniture():
    text = COLUMN + "第 154 页\n" + COLUMN
    assert kinds(text) == ["body", "furniture", "body"]
    assert reflow(text).asides == ()


def test_a_headline_above_a_column_stays_a_headline():
    text = "老旧小区改造过半\n" + COLUMN + "养老服务站新增17个\n" + COLUMN
    assert kinds(text) == ["headline", "body", "headline", "body"]


def test_a_headline_over_two_lines_is_joined_at_its_open_bracket():
    text = "老旧小区改造过半（民生实事\n看进度）\n" + COLUMN
    assert blocks(text)[0] == ("headline", "老旧小区改造过半（民生实事看进度）")


def test_a_subscript_on_a_line_of_its_own_is_joined():
    text = COLUMN + "六月末广义货币（M\n2\n）余额比上年同期增长8.4%。\n"
    assert blocks(text)[1] == ("body", "六月末广义货币（M2）余额比上年同期增长8.4%。")


def test_a_mark_that_never_begins_a_line_is_joined():
    assert blocks("全市完成投资12.5亿元\n，同比增长8%。") == [("body", "全市完成投资12.5亿元，同比增长8%。")]


def test_list_items_are_not_glued():
    items = "".join(f"{n}、改造提升第{n}批老旧小区并完善配套，新增停车位{n}00个\n" for n in "一二三四五六")
    assert len(blocks(items)) == 6


def test_joined_latin_words_keep_a_space_and_chinese_lines_do_not():
    english = (
        "The city plans to renovate 420 old neighbourhoods, of which\n"
        "315 were begun by the end of June and 96 were finished, and\n"
        "it opened 17 service stations for the aged in the same time\n"
        "span, more than a year ago.\n"
    )
    assert blocks(english) == [("body", english.strip().replace("\n", " "))]
    broken = COLUMN.replace("17\n个", "AP\nEC")
    assert "服务站APEC" in reflow(broken).text


def test_verse_is_running_text_line_by_line():
    text = "人口占全球2/3\n国土面积占全球60%\n贸易额占全球80%\n" * 6
    assert set(kinds(text)) == {"body"}
    assert len(sentences(text)) == 18


ARTICLE = (
    "央视网消息：全国铁路发送旅客1853.6万人次。\n"
    "其中，公路人员流动量68292万人次，水路客运量274.9万人次。\n"
    "清明假期三天，铁路客运量4968.2万人次\n"
    "驾车出行人数集中，公路交通流量持续高位运行，总体平稳。\n"
)


def test_of_one_paragraph_a_line_nothing_moves():
    flow = reflow(ARTICLE)
    assert flow.text is ARTICLE
    assert flow.origin == range(len(ARTICLE) + 1)
    assert len(flow.blocks) == 4


def test_crlf_and_indentation_lie_outside_the_blocks():
    text = "\u3000\u3000" + ARTICLE.replace("\n", "\r\n\u3000\u3000")
    flow = check(text)
    assert isinstance(flow.origin, range)
    assert [flow.text[b.begin : b.stop] for b in flow.blocks] == ARTICLE.splitlines()


def test_headlines_between_paragraphs_are_told():
    text = "2022年末总资产379.4万亿元\n银保监会发布数据，总资产379.4万亿元。\n春运务工返岗\n各地加强衔接。\n"
    assert kinds(text) == ["headline", "body", "headline", "body"]


CELLS = "2012年产量\n单位：万吨\n指标\n产量\n增长\n粮食\n650.0\n17.3\n#水稻\n79.4\n17.5\n大豆\n7.0\n-1.6\n"


def test_a_table_of_a_cell_a_line_is_a_table():
    text = "全年产量增加。\n" + CELLS + "全年产值147.7亿元。\n"
    assert kinds(text) == ["body", "table", "body"]
    assert [s.split() for s in sentences(text)[1:-1]] == [
        ["2012年产量"], ["单位：万吨"], ["指标"], ["产量"], ["增长"],
        ["粮食", "650.0", "17.3"], ["#水稻", "79.4", "17.5"], ["大豆", "7.0", "-1.6"],
    ]  # fmt: skip


def test_a_table_of_a_row_a_line_is_a_table():
    text = "指标 产量 增长\n粮食 650.0 17.3\n大豆\t7.0\t-1.6\n全年产值147.7亿元。\n"
    assert kinds(text) == ["table", "body"]
    assert [s.split()[0] for s in sentences(text)] == ["指标", "粮食", "大豆", "全年产值147.7亿元。"]


def test_a_lone_figure_is_no_table():
    assert "table" not in kinds("要闻\n12\n全年产值147.7亿元。\n")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("2020年7月8日 星期三", "masthead"),
        ("《人民日报》（2025年10月20日 第 11 版）", "masthead"),
        ("编辑：张三 美编：李四 校对：王五 M03中原", "masthead"),
        ("2008-09-03 16:08:29", "masthead"),
        ("来源：安徽日报 时间：2026-02-11", "masthead"),
        ("2025年11月22日至23日", "headline"),
        ("《国家公园法》2026年1月1日施行", "headline"),
        ("——2026年1月27日在省第七届人民代表大会第五次会议上", "headline"),
        ("第 159 页", "furniture"),
        ("— 12 —", "furniture"),
        ("====================", "furniture"),
        ("本报记者  张三", "furniture"),
        ("责任编辑：李四", "furniture"),
        ("王五摄（新华社发）", "furniture"),
        ("<img src='a.jpg' width=300>", "furniture"),
        ("一、综合", "headline"),
        ("本报讯（记者 张三）5月8日，全市游客达2万人次。", "body"),
        ("具体情况如下：", "body"),
        ("融资成本下降了吗？", "body"),
    ],
)
def test_the_kind_of_a_line_is_told_from_its_words(line, kind):
    assert kinds(line) == [kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("完成3.5亿元。增长2%！", ["完成3.5亿元。", "增长2%！"]),
        ("“我们改造了9个小区。”他说。", ["“我们改造了9个小区。”", "他说。"]),
        ("新建17个；改造9处，共26处。", ["新建17个；改造9处，共26处。"]),
        ("共26处（新建17处。改造9处。）全部完成。", ["共26处（新建17处。改造9处。）全部完成。"]),
        ("上映《你好！李四》票房2亿元。", ["上映《你好！李四》票房2亿元。"]),
        ("张三、李四……王五都在。", ["张三、李四……", "王五都在。"]),
        ("钢铁、水泥……等40个品种。", ["钢铁、水泥……等40个品种。"]),
        ("见 https://a.cn/?id=12&p=3 的12条。", ["见 https://a.cn/?id=12&p=3 的12条。"]),
        ("真的吗？！真的。", ["真的吗？！", "真的。"]),
        ("一句。 两句。", ["一句。 ", "两句。"]),
        ("没有句号", ["没有句号"]),
    ],
)
def test_sentences_end_at_full_stops_alone(text, expected):
    assert sentences(text) == expected


def test_an_unclosed_bracket_does_not_swallow_the_rest():
    assert len(sentences("（一句。两句。三句。")) == 3
