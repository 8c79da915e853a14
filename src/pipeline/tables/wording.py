"""Formats numbers, units, periods and regions for readers, in either language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Literal

from pipeline.numbers.decimals import without_zeros
from pipeline.statistics.periods.period import edges, span
from pipeline.statistics.regions.areas import COUNTRY, Areas
from pipeline.tables.corrections import Correction
from pipeline.tables.model import Bilingual
from pipeline.tables.vocabulary import CODES, code_name

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
"""Units of the axes of plots."""
_COMPACT_FROM = {"zh": 5, "en": 7}
"""The number of digits from which a large unit is used."""
EVENTS = frozenset({"days", "months", "years"})
"""Kinds of period of any length, such as a holiday or the months up to now."""
_WIDE = Context(prec=60)
_PERIOD = re.compile(r".*/.*|\d{4}(?:-(?:[QS]\d|\d\d(?:-\d\d.*)?))?", re.S)


def in_language(words: Bilingual, lang: Lang) -> str:
    """The text in one language."""
    return words.zh if lang == "zh" else words.en


def unit_name(code: str | None, lang: Lang) -> str:
    """The name of a unit; an unknown code is its own name."""
    return in_language(code_name("unit", code or "1"), lang)


def measure_word(measure: str | None, lang: Lang) -> str:
    """A measure word, where the unit is 1: 人次, 户; in English the thing counted, or nothing."""
    if lang == "zh":
        return measure or ""
    # 个 and the like have no English equivalent.
    return CODES["measure word"].get(measure or "", Bilingual("", "")).en


def axis_unit(most: Decimal, lang: Lang) -> tuple[int, str]:
    """The power of ten for an axis up to `most`, and its name: 4 and 万."""
    for power, name in _POWERS[lang]:
        if most.adjusted() >= power + (lang == "en"):
            return power, name
    return 0, ""


def format_number(value: Decimal | int) -> str:
    """A number with all its digits, grouped by three, with a typographic minus sign."""
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    return without_zeros(f"{value:,f}").replace("-", "−")


def format_compact(value: Decimal, lang: Lang) -> str:
    """A number with a large unit where that is exact and shorter: 1,086.5 万, 10.865 m."""
    if value.adjusted() + 1 >= _COMPACT_FROM[lang]:
        plain = _WIDE.normalize(value)
        for power, name in _LARGE[lang]:
            short = format_number(_WIDE.scaleb(plain, -power))
            if plain.adjusted() >= power and len(short) + 1 < len(format_number(plain)):
                return short + name
    return format_number(value)


def format_interval(
    value: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    to_text: Callable[[Decimal], str] = format_number,
) -> str:
    """A figure: its number, or its interval where it has no single value."""
    if value is not None:
        return to_text(value)
    if low is None and high is None:
        return "—"
    return f"{to_text(low) if low is not None else '…'} – {to_text(high) if high is not None else '…'}"


@lru_cache(4096)
def period_kind(code: str) -> str:
    """The kind of a period: a code of the list `spans`."""
    return span(code) if _PERIOD.fullmatch(code) else "other"


def period_kind_name(name: str, lang: Lang) -> str:
    """The name of a kind of period."""
    return in_language(code_name("spans", name), lang)


@lru_cache(4096)
def format_period(code: str, lang: Lang) -> str:
    """A period for readers."""
    kind = period_kind(code)
    if kind in EVENTS:
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


def number_and_unit(
    value: Decimal | None, low: Decimal | None, high: Decimal | None, unit: str, lang: Lang
) -> tuple[str, str]:
    """A figure with a large unit as number and unit: 110.1 and 亿元, 110.1 and m CNY."""
    number, _, power = format_interval(value, low, high, partial(format_compact, lang=lang)).rpartition(" ")
    if "–" in number or not number or power[:1].isdigit():  # an interval, or no large unit
        return f"{number} {power}".strip(), unit
    return number, f"{power}{unit}" if lang == "zh" else f"{power} {unit}".strip()


def period_with_holiday(code: str | None, names: Mapping[str, str], lang: Lang) -> str:
    """A period with the name of its holiday, if any: 2024 国庆（2024-10-01 – 10-07）."""
    if not code:
        return "—"
    period, name = format_period(code, lang), names.get(code)
    if not name:
        return period
    return f"{name}（{period}）" if lang == "zh" else f"{name} ({period})"


def short_period(code: str, lang: Lang) -> str:
    """The shortest name of a period: its first and its last day, month or year."""
    first, _, last = code.partition("/")
    if len(first) > 7:
        return first[2:10].replace("-", ".") if lang == "en" else first[:10].replace("-", ".")
    return f"{first}–{last[5:] if first[:4] == last[:4] and len(last) > 4 else last}" if last else first


def format_typed(text: str | None) -> str:
    """A number as a text, formatted; any other text unchanged, and none as an empty one."""
    try:
        return format_number(Decimal(text or ""))
    except InvalidOperation:
        return text or ""


def correction_summary(correction: Correction, lang: Lang) -> str:
    """The decision on a figure in short: 更正：205→206."""
    if correction.action == "correct":
        before = f"{format_typed(correction.before)} → " if correction.before else ""
        change = f"{before}{format_typed(correction.value)}"
        return f"更正：{change}" if lang == "zh" else f"corrected: {change}"
    if correction.action == "flag":
        return "标为存疑" if lang == "zh" else "marked as doubtful"
    return "核对后照发" if lang == "zh" else "published as it stands, after a check"


@lru_cache(4096)
def period_midpoint(code: str) -> float | None:
    """The middle of a period as a day number; None for a code of unknown form."""
    first, _, last = code.partition("/")
    try:
        return (edges(first)[0].toordinal() + edges(last or first)[1].toordinal()) / 2
    except ValueError:
        return None


def region_name(code: str | None, areas: Areas, lang: Lang) -> str:
    """The name of a region after that of its city; regions have Chinese names only."""
    if code is None:
        return "地区未详" if lang == "zh" else "region unknown"
    if code == COUNTRY:
        return "全国" if lang == "zh" else "China"
    if code not in areas:
        return code
    city = code[:4] + "00"
    city_name = areas.name(city) if code != city and not code.endswith("0000") and city in areas else ""
    return city_name + areas.name(code)


def format_size(count: int) -> str:
    """A number of bytes, as file managers show it."""
    amount = float(count)
    for name in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {name}" if name == "B" or amount >= 10 else f"{amount:.1f} {name}"
        amount /= 1000
    return f"{amount:.1f} GB"
