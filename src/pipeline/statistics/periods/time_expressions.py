"""How times are written: the one pattern that finds them; `time_rules` gives their meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pipeline.numbers.numerals import parse_chinese
from pipeline.statistics.periods.named_days import Holidays
from pipeline.statistics.periods.period import Period

NUMBER = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两])"
_DASH = r"\ ?[-—–~至到]+\ ?"
_OF = r"(?:年|个月|周|天)"
_HOLIDAY = r"(?:元旦|春节|清明|五一|“五一”|劳动节|端午|中秋|国庆|“十一”|春运|暑运|暑期)"

EXPRESSION = re.compile(
    rf"""(?:
    (?:(?:19|20)\d\d年)?(?P<census>第[一二三四五六七]次(?:全国)?(?:(?:人口|农业|经济)普查|(?:国土|土地)调查)
      |[五六七]普(?![\u4e00-\u9fff]?[通查遍及]))
  | (?P<iso>(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d)
        (?:[ T]?(?P<clock>\d\d?:\d\d)(?::\d\d)?)?)
  | “?十(?P<plan>[一二三四五六七八九])五”?(?:规划)?(?:期间|时期|末|(?=以来))
  | (?P<since>今年以来|年初以来|开年以来|年初至今|今年至今)
  | (?P<years>(?:19|20)\d\d年?{_DASH}(?:19|20)\d\d)年
  | (?P<days>(?<![\d.月、]){NUMBER}\ ?日{_DASH}{NUMBER})\ ?日
  | (?P<lone>(?<![\d.万亿周]){NUMBER})\ ?日(?![均内常前后以本元增间]|\ ?游)
        (?:(?P<lhour>{NUMBER})时(?P<lmin>\d\d)?分?)?
  | (?P<lately>(?:过去|最?近)?(?:半|{NUMBER}){_OF}以?来(?![自到源])
      |过去的?{NUMBER}{_OF}|最?近{NUMBER}{_OF}(?=[来内间里中，,]))
  | (?P<era>{NUMBER}[多余]?年[来间]|(?:过去|近|未来){NUMBER}[多余]?年|[大放国立]以来)
  | (?P<lunar>上个?月|本月|当月|这个月|下个?月)
  | (?P<word>今天|今日|当前|昨天|昨日|前天|前日|明天|明日|同日|当日|当天|截[至止]目前|迄今|目前|现在|如今)
  | (?:星期|周)(?P<weekday>[一二三四五六日天])(?![个期年岁])
  | (?:(?P<year>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{{3}})年(?:度|全年)?
      |(?P<rel>今年|去年|前年|明年|后年|本年度?|当年|上年|同年|全年|次年|翌年)(?:全年)?)?的?\ ?
    (?:
        (?P<half>[上下]半年)
      | (?P<q>前?第?[一二三四两123]个?季度)(?P<qend>末)?
      | (?P<months>前\ ?{NUMBER}\ ?个?月|{NUMBER}\ ?月?份?{_DASH}{NUMBER}\ ?月(?!\ ?{NUMBER}\ ?[日号]))份?
      | (?P<month>{NUMBER})\ ?月(?:份)?
        (?: (?P<third>[上中下]旬) | (?P<mend>末|底)
          | \ ?(?P<day>{NUMBER})\ ?[日号](?!线)
            (?: {_DASH} (?:(?P<month2>{NUMBER})\ ?月\ ?)?(?P<day2>{NUMBER})\ ?[日号]
              | \ ?(?P<hour>{NUMBER})[时:](?!{_DASH})(?P<minute>\d\d)?分? )? )?
      | (?P<yend>年?[末底]前?|年?初(?!步))
      | (?P<holiday>{_HOLIDAY}(?:、?{_HOLIDAY})?(?:节日?)?(?:小?长假|假期|假日|黄金周|期间|档)
          |[春暑]运(?:启动|开始)?(?=发送|以来|\d\d天))
        (?:前(?P<hdays>{NUMBER})[天日]|第(?P<hday>{NUMBER})天|(?P<hfirst>首日)|(?P<hlast>最后一天))?
      | (?P<festival>(?:元旦节?|春节|清明节?|端午节?|中秋节?|国庆节?)(?:当[天日]|(?<=节)(?=[，,、：:])))
      | (?P<newyear>(?:农历)?(?:正月|大年)初{NUMBER}|除夕)
      | (?P<same>同期)
    )?)
    """,
    re.VERBOSE,
)
"""Every way of writing a time that a figure may hold at; may match nothing at all."""

_BEGINS = re.compile(
    r"""[\d一二三四五六七八九十两今去前明后本当上下同全次翌年“元春暑清劳端中国星周截迄目昨这第大放立过近未最半农正除现如]
    (?: (?<=\d)(?:\d{0,3}\ ?[年月日号个周天多余季\-–—~至到]|\d{3}[/.])
      | (?<=[一二三四五六七八九十两])[一二三四五六七八九十〇零年月日号个周天多余季普\-–—~至到\ ]
      | (?<![\d一二三四五六七八九十两])
        [\d\ 一二三四五六七八九十两年月日天期半个前末底初止至今去来近第节运旦明动午秋庆以历夕在] )
    """,
    re.VERBOSE,
)
"""The first characters of every time: the whole pattern is tried at few places of a text."""


def find_times(text: str, begin: int = 0, stop: int | None = None) -> Iterator[re.Match[str]]:
    """The matches of `EXPRESSION` in text[begin:stop] that are not empty."""
    stop = len(text) if stop is None else stop
    while found := _BEGINS.search(text, begin, stop):
        match = EXPRESSION.match(text, found.start(), stop)
        begin = found.start() + 1
        if match and match[0]:
            begin = match.end()
            yield match


_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2, "本年": 0, "本年度": 0}
_ANNUAL_FIGURES = 4
"""Until this month 全年 alone is the year before, whose figures have just been published."""


class TimeMatch(NamedTuple):
    """A match of `EXPRESSION` in a text, and what it is relative to."""

    parts: re.Match[str]
    issued: date | None
    context: Period | None
    ahead: bool
    holidays: Holidays

    @property
    def text(self) -> str:
        """The expression as written."""
        return self.parts[0]

    def number(self, name: str) -> int:
        """The number that a group of the expression holds."""
        return number_of(self.parts[name] or "")

    @property
    def anchor(self) -> date | None:
        """The day that a bare day or month is relative to: the context's last, or else the issue date."""
        return self.context.last if self.context else self.issued

    def year(self, month: int = 0) -> int:
        """The year, as written or by its context; ValueError where that is not known."""
        parts = self.parts
        if written := parts["year"]:
            return number_of(written)
        word = parts["rel"] or ""
        base = self.issued if word in _YEARS else self.anchor
        if base is None:
            raise ValueError("no date to count from")
        if word == "全年" and base == self.issued and base.month <= _ANNUAL_FIGURES and not self.ahead:
            return base.year - 1
        if word:
            return base.year + _YEARS.get(word, {"上年": -1, "次年": 1, "翌年": 1}.get(word, 0))
        if self.issued and month and (not self.context or self.context.last.year == self.issued.year):
            return self.issued.year - (month > self.issued.month and not self.ahead)
        return base.year


def number_of(written: str) -> int:
    """A whole number in digits or Chinese; ValueError where it is none."""
    if written.isdigit():
        return int(written)
    read = parse_chinese(written)
    if read is None:
        raise ValueError(f"{written!r} is not a number")
    return int(read[0])
