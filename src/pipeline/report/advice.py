"""What to do about an issue, in a sentence, by the check that raised it."""

from __future__ import annotations

from pipeline.tables.model import Words
from pipeline.tables.vocabulary import kind_of

_BY_CHECK = {
    "source_quarantined": Words(
        "照说明改好这个文件（编码、旁边的 .yaml、或换成真正的文本），今夜其余各篇不受影响。",
        "Mend the file as the message says (its encoding, the .yaml beside it, or a real text in its place); "
        "the other sources went on.",
    ),
    "source_left_out": Words(
        "在原处为这个文件换个名字（不含 ..，每段不超过 255 字节，不与文件夹同名）；其余各篇不受影响。",
        "Rename the file where it is: no .., no part over 255 bytes, no folder of the same name. The others "
        "went on.",
    ),
    "source_noted": Words(
        "照说明改好旁边的 .yaml（或表格中那一格）；正文照常读了，只是所指的那一项没有用上。",
        "Mend the .yaml beside the source, or the cell, as the message says; its text was read, only that "
        "field was not used.",
    ),
    "source_personal": Words(
        "身份证号、银行卡号、手机号已打码，不发布。"
        '若是公开的办公号码，可在 wenshu.toml 的 [read] 写 personal = "keep"。',
        "Identity, bank card and mobile numbers are masked and not released. Where they are an office's own, "
        'write personal = "keep" below [read] in wenshu.toml.',
    ),
    "source_partly": Words(
        "网页导航、相关链接、页眉页脚不读。若其中有正文，请将正文存成 .txt 放入。",
        "Navigation, related links, heads and feet of pages are not read. Where one of them is text of the "
        "article, put that there as .txt.",
    ),
    "region_unknown": Words(
        "在来源旁的 .yaml 中写明地区：全名（如 郑州市中原区）或六位区划代码。"
        "新设的区划可加进 catalog/areas.csv。",
        "Write the region into the .yaml beside the source: its full name, as 郑州市中原区, or its six "
        "digits. A new one can be added in catalog/areas.csv.",
    ),
    "source_duplicate": Words("两份相同，删去其一。", "Two files are the same: delete one."),
    "decision_expired": Words(
        "决定到期。情形未变，就在 decisions/ 中改其 expires；不再需要，就删去。",
        "A decision has expired. If things are as they were, move its expires in decisions/; if not, "
        "delete it.",
    ),
    "decision_stale": Words(
        "来源或识读结果已与决定时不同。看下面的原句：已改正，就删去决定；仍有错，就重写一条。",
        "The source reads otherwise than when it was decided. Look at the sentence: if it was mended, delete "
        "the decision; if it is still wrong, write a new one.",
    ),
    "decision_gone": Words(
        "决定所针对之句已不在来源中。来源若已改正，删去决定即可。",
        "The sentence that was decided on is no longer in the source. If it was mended, delete the decision.",
    ),
    "decision_conflict": Words("同一对象有两条决定，只留一条。", "Two decisions on one target: keep one."),
    "indicator_ambiguous": Words(
        "一个数同时像两个指标。在 catalog/indicators/ 为其中一个加 states 或 without，使其分得开。",
        "One figure fits two indicators. In catalog/indicators/ give one of them states or without that "
        "tell them apart.",
    ),
    "subject_doubtful": Words(
        "所数之物多半有误，故未归入指标。常有此事，就在 catalog/lexicon.yaml 的 nouns 中写上这个名称。",
        "The subject is more likely wrong than right, so that no indicator took the figure. Where this is "
        "common, write the noun below nouns in catalog/lexicon.yaml.",
    ),
    "table_unread": Words(
        "此表的行列未能识读，其数无单位。另存为一行一项（名称与数字以空格分开，首行为表头），再放入 raw/。",
        "The rows and columns of this table could not be made out, so that its figures have no unit. Save it "
        "with one row a line below a header, cells set apart by spaces, and put it into raw/ again.",
    ),
    "area_ambiguous": Words(
        "地名不止一处。在来源旁的 .yaml 中写明 region（六位区划代码）。",
        "Several regions have this name. Write the region, as its six digits, into the .yaml beside the "
        "source.",
    ),
    "observation_contradiction": Words(
        "两处所述不一。以哪一处为准，更正（correct）或去除（drop）另一处。",
        "Two places state different figures. Settle which one counts, and correct or drop the other.",
    ),
    "series_outlier": Words(
        "与邻近各期相差十倍、百倍、万倍或天数倍：多半是单位读错，或把日均当作总量。原文无误就认可（accept），"
        "有误就更正（correct）。",
        "It is ten, a hundred, ten thousand times its neighbours, or as many times as there are days: mostly "
        "a unit, or an average taken for a total. Accept it where the text is right, correct it where not.",
    ),
    "document_incomplete": Words(
        "在来源旁的 .yaml 中写明 region（地区）或 issued（刊发日期），下次运行即成观测值。",
        "Write region, or issued, into the .yaml beside the source: the next run makes observations of them.",
    ),
    "kept": Words(
        "先看 raw/ 是否少了文件、来源是否换了格式、规则或目录是否刚改过；补回来源再运行一次即可。"
        "确实要少这么多，用 accept 认可，只对当夜所见的行数有效。",
        "See whether files are missing from raw/, whether a source has another format, whether rules or "
        "catalog were just changed; put back what is missing and run again. If it is meant to be so much "
        "less, accept it, which holds for tonight's count of rows only.",
    ),
    "vanished": Words(
        "来源不再提到它，就不必处置。若仍提到：是不是换了说法？在 catalog/indicators/ 中给它加上新的说法，"
        "用 wenshu catalog try 试一试。",
        "Nothing needs to be done where the sources do not speak of it any more. Where they do, they may "
        "call it otherwise: add the new wording to it in catalog/indicators/, and try wenshu catalog try.",
    ),
    "leap": Words(
        "对照原句：单位（万、亿）、时期、地区读得对不对？是不是另一口径？读错就用 correct 更正或 drop 去除；"
        "不是这个指标，就在 catalog/indicators/ 用 without 排除；确实如此，无须处置。",
        "Compare the sentence: are unit (万, 亿), period and region right, is it the same kind of figure? "
        "Correct or drop it if it was misread; if it is another indicator's, exclude it by without in "
        "catalog/indicators/; if it is right, nothing needs to be done.",
    ),
    "account": Words(
        "有数字没有读出。数据仍可用；请把原句报给维护规则的人，附上文件与位置。",
        "A numeral was not read. The data can be used all the same; report the sentence, with file and "
        "place, to whoever keeps the rules.",
    ),
    "readable": Words(
        "raw/ 里没有一篇读得出：看各来源的事项，照其说明改好编码或文件，再运行一次。",
        "No file of raw/ could be read: see the issues of the sources, mend encodings or files as they "
        "say, and run again.",
    ),
    "some": Words(
        "raw/ 是空的，或 --raw 指错了地方：放入文章再运行一次。",
        "raw/ is empty, or --raw names another place: put articles into it and run again.",
    ),
    "required": Words(
        "来源里没有的，补在来源旁的 .yaml 中；来源里有而没有读出，用 correct 更正或报给维护规则的人。",
        "What the source does not say goes into the .yaml beside it; what it says and was not read is to "
        "be corrected, or reported to whoever keeps the rules.",
    ),
    "precision": Words(
        "对照原文：位数是不是读多了？读错用 correct 更正；确有这么多位，发布的是近似值，无须处置。",
        "Compare the source: were too many digits read? Correct it if so; otherwise the value is released "
        "rounded, and nothing needs to be done.",
    ),
}
_STRUCTURE = Words(
    "表的结构不对，数据官改不了：多半是刚改过规则、目录或 expectations/。退回那处改动，或报给维护者；"
    "目录与检查可用 wenshu catalog check、wenshu expectations sync 核对。",
    "The table itself is wrong, which no decision mends: rules, catalog or expectations/ were probably just "
    "changed. Undo that change, or tell the maintainers; wenshu catalog check and wenshu expectations sync "
    "look these over.",
)
_BY_CHECK |= dict.fromkeys(
    ("columns", "key", "vocabulary", "reference", "order", "quoted", "apart"), _STRUCTURE
)
_ARITHMETIC = ("sum", "share", "residual", "equation")
_SEVERAL = Words(
    "各数可能出自不同的句子：逐一对照原文，错的用 correct 更正，不属于这一组的用 drop 去除；"
    "确实如此，用 accept 认可。",
    "The figures may be from several sentences: compare each, correct the one that is wrong or drop the one "
    "that belongs elsewhere; accept them if they are so.",
)
_BY_CHECK |= dict.fromkeys(_ARITHMETIC, _SEVERAL)
_BY_CHECK["possible"] = Words(
    "文中没有说死，或数字是约数，不能断定有误，各数照常发布：对照原文，确有误的用 correct 更正，"
    "不相干的用 accept 认可。",
    "The text leaves room, or a figure is not exact, so that no error can be claimed; the figures are "
    "published. Compare the original: correct what is wrong, accept what does not belong together.",
)
_EQUATION = Words(
    "先对照原文：抄录有误，就改 raw/ 中的文字；原文如此，就问来稿单位。更正哪一个数，用 correct；"
    "不用哪一个数，用 drop；--target 写其原文。确实照发，用 accept（各数标为存疑）。",
    "Compare the original first. If it was copied wrongly, mend the text in raw/; if it is printed so, ask "
    "whoever wrote it. Then correct or drop the figure that is wrong (--target is its text), or accept the "
    "equation as it stands (its figures are then marked doubtful).",
)
_FIGURE = Words(
    "看标出的数读得对不对：数值有误用 correct，不该算数用 drop，确实如此用 accept。",
    "See whether the marked figure was read right: correct it if its value is wrong, drop it if it is no "
    "figure, accept it if it is right.",
)
_WHOLE = Words(
    "这一项说的是整张表。查明缘由（来源缺失、规则或目录改动）；属实就用 accept 认可。",
    "This is about a whole table. Find out why (sources missing, rules or catalog changed); accept it if it "
    "is right.",
)
_NOTE = Words("仅作说明，无须处置。", "A note; nothing needs to be done.")


def advice_on(check: str, severity: str, equation: bool, figure: bool) -> Words:
    """What to do. equation, figure: whether the issue shows one."""
    kind = kind_of(check)
    if equation and (kind in _ARITHMETIC or kind not in _BY_CHECK):
        return _EQUATION
    if kind in _BY_CHECK:
        return _BY_CHECK[kind]
    if severity == "info":
        return _NOTE
    return _FIGURE if figure else _WHOLE
