"""The words that say when figures hold, beside the times themselves (`time_expressions`)."""

from __future__ import annotations

import re

AHEAD = re.compile(
    r"计划|规划(?:建设|新增|投资)|拟(?!定|议)|预计|预期|力争|争取|目标(?!区间|任务完成|人群)|有望|确保|将(?=[于达超新建增改开完实投有在会突继]|全面|陆续|累计)"
    r"|年底前|年内|即将|近期(?:全部|将|陆续)?开工|待(?:建|开工)"
)
"""What speaks of the future: obs_status F."""

DONE = re.compile(
    r"已|完成|完工|建成|竣工|收尾|总[量数里额]|占比|纳入|列入|入选|批复|下达|实现|达到|同比|比上年|较上年"
)
"""In a figure's own clause: it is a fact, whatever its sentence plans."""

ROUGH = re.compile(r"初步(?:统计|核算|测算|估|数据|预)|估算|估计|测算|预估|约计|粗略")
"""What speaks of an estimate: obs_status E."""

PRELIMINARY = re.compile(r"初步(?:统计|核算|测算|估算|预计)")
"""What makes an estimate of all that follows in its sentence."""

GOAL = re.compile(r"预期目标|目标是|目标为|目标任务是")
"""What makes a plan of all that follows in its sentence."""

OTHER = re.compile(
    r"(?:比|较|与|和|同|相对|从|由|自|超|超过|不及|高于|低于|多于|少于|相当于)(?:了|前|此前)?$"
)
"""Before an expression: it names what is compared with, or where a change began."""

CAUSE = re.compile(r"受[^，。；]{0,40}?(?:影响|带动|拉动|推动|因素|错[月位])")
"""Times within it are why a figure is so high: 受元旦、春节等假期带动."""

COMPARED = re.compile(
    r"(?:的)?(?:同期|水平|相比|的\d)|[^，。；\d]{0,8}的(?:\d[\d.]*|[一二两三四五六七八九十]+)倍"
)
"""After an expression: the same."""

REVIEW = re.compile(r"政府工作报告|计划执行情况|预算执行情况")
"""Titles with the year in which they were given; they tell of the year before."""

SO_FAR = re.compile(
    r"累计|截至|截止|目前|以来|迄今|已经?(?=[达超突完有实建开新改接发])|(?:达|超|突破|实现|完成)[^，；,;]*\Z"
)
"""What counts up to now within a period that is not over; a verb does so for the figure of its own clause:
今年纳入规划100个，30个改造完成，21个进入收尾 is of one time."""

SUMMED = re.compile(r"累计[^，。；、]*、?\Z")
"""Before a figure: in a section on several years it is of all of them."""

FROM, TO = re.compile(r"[自从]$"), re.compile(r"(?:[至到]|截至)$")
JOINED = re.compile(r"[至到]|[-—–~～]+")
"""All that stands between two times that are the ends of one interval: 今天到25日."""
UNTOLD = re.compile(r"(?:[从自][^，。；\d]{1,10}|开始|启动|以来|实施)[至到]$")
"""Before a time: up to it something is counted from a beginning that is not told (春运开始至3月2日)."""

RATIO = re.compile(r"(?:恢复[到至]?了?|相当于|达到?了?|[为是占])(?:了|约|近)?$")
"""Before a time: what is said of it is a ratio to it (恢复到2019年同期的84.6%)."""

LISTED = re.compile(r"[\d一二三四]、$")

SINCE = re.compile(r"(?:以来|至今|起至今|迄今)")
SINCE_THAT = re.compile(r"[^，。；\d]{1,24}(?<!年)(?:以来|至今)")
"""Right after a time that 自 or 从 goes before: the same (自2013年11月开行首列班列以来)."""
REPORTED = re.compile(
    r"[)）]?[^，。；]{0,12}?(?:发布|公布|通报|消息|报道|举行|召开|获悉|介绍|表示|印发|报告称|数据显示|透露|宣布|讯|启动|开启|结束|召开)"
)
"""After a day: it is the day of the announcement, not of the figure."""

ADJOINS = re.compile(r"[的末底初份，,约近达超为]{0,2}$")
AS_OF_DAY = re.compile(r"截[至止][到至]?(?:(?:北京|当地)时间)?\Z")
"""Before an expression: the figure is that of its last day."""

BEGAN = re.compile(
    r"以来(?<=[\u4e00-\u9fff”)）]{2}以来)(?<!年.{2}以来)(?<![\d年月日季]初.{2}以来)(?<!今年.{2}以来)|过半(?<![一大超]过半)|"
    + "|".join(f"{began}至(?:今|目前)" for began in "开始 启动 实施 成立 开通 投运 上线".split())
)
"""What counts from an event on, of no date that is said: 启动以来, 春运过半."""

FIRST = re.compile(
    r"(?:首[日周月]|第一天|首个交易日)(?!用|报|制)|(?:贺岁|春节|国庆|五一|暑期|清明|元旦|中秋|端午)档"
)
"""Days of an event that are not told."""
