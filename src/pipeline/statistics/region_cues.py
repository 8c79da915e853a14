"""The words that say where figures hold."""

from __future__ import annotations

import re

RELATIVE = re.compile(
    r"[全我该本当](?:(?<!当)(?:[省市区县盟旗镇乡村校院厂]|(?<!本)州|街道|社区|公司|集团)(?![区镇乡民])|(?<=当)地(?!时间))"
)
OWN = re.compile(r"[全我](?:[省市县州盟旗](?![级内外])|区(?!域))(?![长委府政])")
"""Of the region that speaks, whatever its name."""
ASIDE = re.compile(
    r"(?:[对与和从自向赴同往由比距占居]|来自|前往|高于|低于|快于|优于|好于|位列|位居|领跑|靠近|邻近|毗邻|接壤|邻国|[对与和同]共建)“?$"
)
"""A place right after one of these is the other party or what is compared with."""

RANKED = re.compile(
    r"前列|平均(?=[高低快慢多少]|水平|值|数|线|增速|增幅|[\d，。；、约近]|$)|第[一二三四五六七八九十\d]|首位|领先|同类|总[值量]的|方向"
)
"""A place right before one of these is only compared with."""

FRACTION = re.compile(
    r"的?(?:近|约|超过?|逾)?(?:\d[\d.]*[%％]|[一二三四五六七八九十百\d]+(?:成|分之)|半数|一半)"
)
"""After 全国 or 全球: these are what the share is of."""

STRUCK = re.compile(r"(?:袭击|空袭|轰炸|炮击|打击|攻击|击中|入侵|登陆)了?$")
"""Right before a place: what follows befell it."""

BEFALLS = re.compile(
    r"[^，。；]{0,24}?(?:发[动射]|袭击|空袭|轰炸|炮击|打击|攻击|发生|遭遇?|坠毁|坠落|失事|爆炸|起火|着陆|沉没)"
)
"""After a place that 在, 对 or 向 goes before: the same."""

NAMED = re.compile(
    r"重点实验室|文明[城村单]|人大|人民代表|政协|统一|示范|先进|百强|劳模|劳动|试点|首[个批座台家]|唯一|一流|性|[一-龥]{0,2}博览会|两会"
    r"|最[大高长早多]|各地(?=游客)|[一-龥]{0,4}(?:普查|[国土地]{2}调查|试验区|锦标赛|运动会|联赛|大会)"
)
"""After 全国 and the like: it is part of a name, or praise."""
LEADING = re.compile(
    r"(?:[在从据为对于]|其中|目前|同时|此外|今年|去年|截至|近日|日前|[一-龥]{0,8}[大强名][省市县区城]|昨[天日]|今[天日]|记者|另外|而|如今|[、\d年月日至—\-（）()\s“”：:]"
    r"|[上下]半年|[前第一二三四]+季度|以来|[前个初末底份]|五一|国庆|春节|中秋|端午|清明|元旦|假期|期间)*\Z"
)
"""What may stand between the begin of a clause and the place that the following clauses are about too."""
SPEAKS = re.compile(
    r"[^，。；]{0,14}(?:获悉|了解到|统计|数据|介绍|通报|消息|报道|公布|发布|显示|表示|召开|举行)"
)
"""After a place that is not at a clause's begin: it speaks of what follows."""

CHANGES = re.compile(
    r"(?:同比|环比|[比较](?:上年|去年|上月)(?:同期)?|分别|实际|名义|各|均"
    r"|增长|下降|增加|减少|上升|回落|提高|降低|达到?)+"
)
"""A clause of nothing else before a figure is of the subject of the clause before."""

OF_THAT = "其中"
"""Begins a sentence on parts of what the one before is about."""

GLOSS = re.compile(r"[（(][^（）()\n]*[）)]|《[^《》\n]*》")
"""What stands in brackets that are closed before a figure, or in a title, is not about it."""

HERE = "当地"
"""Means the region named last."""

KINDS = frozenset("省市区县州盟旗")
"""Kinds of region that have codes."""

MEETING = re.compile(r"(?:召开|举行|开幕|闭幕|开庭|签署|会见)")
"""Right after 在北京: where something took place, which is not what the document is about."""

PRODUCT = re.compile(
    r"[樱桂茶梅菊]花|黄馨|[红绿白黑花]茶|普洱|烤鸭|火锅|米线|拉面|[菜话剧戏](?![\u4e00-\u9fff])|小吃|大枣"
)
"""Right after a place: what is called by it, wherever that is (云南樱花)."""

AGENCY = re.compile(r"[一-龥]{0,4}通讯社")
"""After a place: who tells, which says nothing of where."""

CREDIT = re.compile(r"[（(][^（）()\n]*(?:[日晚早时]报|新闻网|网|电视台|年鉴|通讯社)[^（）()\n]{0,8}[）)]")
"""In a title: who published it, which is not what it is about."""

SOURCE = re.compile(r"(?:据|根据|按照)$")
"""A place right after one of these names who says it; it is the figure's own where no other is named."""

PART = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:社区|街道|[^农乡]村(?!民|庄|委)|[^乡城集市]镇(?!化|级|街)|[^城]乡(?!村|镇|亲|土)|片区|(?<!旧)小区|园区|景区|煤矿|机场|国家公园|自然保护区)"
)
"""Right after a region: a place within it that has no code."""

INLAND = re.compile(r"(?:地区|经济带|流域|湾区|三角|通道|三省|京津冀|区市|[）)])\Z")
"""How a part of the country is called that has no code: the sentences after go on with it."""

TOGETHER = re.compile(r"[、—–\-至到往和与及]|返|[一-龥]{0,3}港(?![澳元币])")
"""After a place at the head of a sentence: it is not that place, or it alone, that the sentence is about."""

JOINTS = frozenset("、 和 与 及 以及 ，".split())
"""What stands between places named in a row."""

_MINISTRIES = (
    "商务 财政 工信 工业和信息化 交通运输 农业农村 教育 公安 民政 司法 水利 生态环境 文化和旅游 应急管理"
    " 自然资源 住建 科技 人力资源和?社会保障 人社 住房和?城乡建设 外交 国防"
).split()
NATIONAL = re.compile(
    r"国家(?!级|[^，。；]{0,8}(?:调查队|奖|队|标准))[\u4e00-\u9fff]{2,8}?(?:总局|局|委|部|办|署)(?!长|属)"
    r"|海关总署|税务总局|民航局|国铁|中国铁路|人民银行|中央组织部|中央纪委|中国气象局|中央气象台|全国总工会|市场监管总局|春运工作专班|全社会跨区域|"
    + "|".join(f"{name}部(?![门分署长队省])" for name in _MINISTRIES)
)
"""What speaks of the whole country where no region is named."""
NOT_NATIONAL = re.compile(r"[省市县区州]")
"""Right before such words: 省财政…."""


SPEAKER = re.compile(r"[从据自由在，。：:；、（）()“”\s]")
"""Right before one at a text's opening: it is the country's own."""

ANNOUNCES = re.compile(r"(?:今[天日])?(?:发布|公布|通报|数据|统计数据|最新|获悉|了解到)")
"""Right behind them in a document that is about a region: they speak all the same."""
