"""Numbers, units, periods and regions as readers write them, in either language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Literal

from pipeline.statistics.areas import COUNTRY, Areas
from pipeline.statistics.period import edges
from pipeline.tables.corrections import Correction
from pipeline.tables.model import Words
from pipeline.tables.vocabulary import CODES, word

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


_LARGE: Mapping[Lang, tuple[tuple[int, str], ...]] = {
    "zh": ((8, " 亿"), (4, " 万")),
    "en": ((9, " bn"), (6, " m"), (3, " k")),
}
_POWERS: Mapping[Lang, tuple[tuple[int, str], ...]] = {
    "zh": ((12, "万亿"), (8, "亿"), (4, "万")),
    "en": ((12, "trillion"), (9, "billion"), (6, "million"), (3, "thousand")),
}
"""What an axis is counted in."""
_COMPACT_FROM = {"zh": 5, "en": 7}
"""Digits from which a number is written with a large unit."""
_WIDE = Context(prec=60)
_YEAR = re.compile(r"\d{4}")
_PART = re.compile(r"\d{4}-(?:([QS])\d|\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def in_language(words: Words, lang: Lang) -> str:
    """The words in one language."""
    return words.zh if lang == "zh" else words.en


def unit(code: str | None, lang: Lang) -> str:
    """A unit as readers know it; a code that is in no list stands for itself."""
    return in_language(word("unit", code or "1"), lang)


def counted(measure: str | None, lang: Lang) -> str:
    """A measure word, where the unit is 1: 人次, 户; in English what it counts, or nothing."""
    if lang == "zh":
        return measure or ""
    # 个 and its kin say nothing in English.
    return CODES["measure word"].get(measure or "", Words("", "")).en


def large(most: Decimal, lang: Lang) -> tuple[int, str]:
    """The power of ten in which an axis up to `most` is counted, and its name: 4 and 万."""
    for power, name in _POWERS[lang]:
        if most.adjusted() >= power + (lang == "en"):
            return power, name
    return 0, ""


def exact(value: Decimal | int) -> str:
    """All the digits of a number and no more, grouped by three, with a true minus sign."""
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    digits = f"{value:,f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return digits.replace("-", "−")


def compact(value: Decimal, lang: Lang) -> str:
    """A number in large units where that is as exact and shorter: 1,086.5 万, 10.865 m."""
    if value.adjusted() + 1 >= _COMPACT_FROM[lang]:
        plain = _WIDE.normalize(value)
        for power, name in _LARGE[lang]:
            short = exact(_WIDE.scaleb(plain, -power))
            if plain.adjusted() >= power and len(short) + 1 < len(exact(plain)):
                return short + name
    return exact(value)


def interval(
    value: Decimal | None, low: Decimal | None, high: Decimal | None, say: Callable[[Decimal], str]
) -> str:
    """A figure as it was stated: the number, or the interval where there is no single one."""
    if value is not None:
        return say(value)
    if low is None and high is None:
        return "—"
    return f"{say(low) if low is not None else '…'} – {say(high) if high is not None else '…'}"


@lru_cache(4096)
def span(code: str) -> str:
    """What kind of period a code names: a key of the words for spans."""
    if "/" in code:
        return {4: "years", 7: "months"}.get(code.index("/"), "days")
    if _YEAR.fullmatch(code):
        return "year"
    if match := _PART.fullmatch(code):
        return {"Q": "quarter", "S": "half"}.get(match[1], "month")
    return "day" if _DAY.match(code) else "other"


def span_words(name: str, lang: Lang) -> str:
    """Said of a series: the kind of its periods."""
    return in_language(word("spans", name), lang)


@lru_cache(4096)
def period(code: str, lang: Lang) -> str:
    """A period as readers write it."""
    kind = span(code)
    if kind in ("days", "months", "years"):
        first, _, last = code.partition("/")
        shared = first[:5] == last[:5] and kind == "days"
        return f"{first} – {last[5:] if shared else last}"
    year = code[:4]
    if kind == "half":
        return f"{year} 年{'上' if code[-1] == '1' else '下'}半年" if lang == "zh" else f"H{code[-1]} {year}"
    if kind == "quarter":
        return f"{year} 年第 {code[-1]} 季度" if lang == "zh" else f"Q{code[-1]} {year}"
    if kind == "year":
        return f"{year} 年" if lang == "zh" else year
    return code.replace("T", " ")


def stated(
    value: Decimal | None, low: Decimal | None, high: Decimal | None, unit: str, lang: Lang
) -> tuple[str, str]:
    """A figure in large units, its number and what it is counted in: 110.1 and 亿元, 110.1 and m CNY."""
    number, _, power = interval(value, low, high, partial(compact, lang=lang)).rpartition(" ")
    if "–" in number or not number or power[:1].isdigit():  # an interval, or no large unit
        return f"{number} {power}".strip(), unit
    return number, f"{power}{unit}" if lang == "zh" else f"{power} {unit}".strip()


def named(code: str | None, names: Mapping[str, str], lang: Lang) -> str:
    """A period, after what it is called where it is a holiday: 2024 国庆（2024-10-01 – 10-07）."""
    if not code:
        return "—"
    said, name = period(code, lang), names.get(code)
    if not name:
        return said
    return f"{name}（{said}）" if lang == "zh" else f"{name} ({said})"


def event(code: str, lang: Lang) -> str:
    """The shortest name of a period of any length: its first and its last day, month or year."""
    first, _, last = code.partition("/")
    if len(first) > 7:
        return first[2:10].replace("-", ".") if lang == "en" else first[:10].replace("-", ".")
    return f"{first}–{last[5:] if first[:4] == last[:4] and len(last) > 4 else last}" if last else first


def typed(text: str | None) -> str:
    """A number that an officer wrote, as pages write it; what is none stays as it is."""
    try:
        return exact(Decimal(text or ""))
    except InvalidOperation:
        return text or ""


def amended(found: Correction, lang: Lang) -> str:
    """What was decided on a figure: 更正：205→206; of one that stays as it is, whether it is doubted."""
    if found.action == "correct":
        before = f"{typed(found.before)} → " if found.before else ""
        said = f"{before}{typed(found.value)}"
        return f"更正：{said}" if lang == "zh" else f"corrected: {said}"
    if found.action == "flag":
        return "标为存疑" if lang == "zh" else "marked as doubtful"
    return "核对后照发" if lang == "zh" else "published as it stands, after a check"


@lru_cache(4096)
def middle(code: str) -> float | None:
    """Where a period lies in time, in days; None where its code is not of a known form."""
    first, _, last = code.partition("/")
    try:
        return (edges(first)[0].toordinal() + edges(last or first)[1].toordinal()) / 2
    except ValueError:
        return None


def region(code: str | None, areas: Areas, lang: Lang) -> str:
    """A region's name with that of the city it is in; regions have Chinese names only."""
    if code is None:
        return "地区未详" if lang == "zh" else "region unknown"
    if code == COUNTRY:
        return "全国" if lang == "zh" else "China"
    if code not in areas:
        return code
    city = code[:4] + "00"
    above = areas.name(city) if code != city and not code.endswith("0000") and city in areas else ""
    return above + areas.name(code)


def size(count: int) -> str:
    """Bytes for people, as file managers say them."""
    amount = float(count)
    for name in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {name}" if name == "B" or amount >= 10 else f"{amount:.1f} {name}"
        amount /= 1000
    return f"{amount:.1f} GB"
