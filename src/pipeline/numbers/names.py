"""Names that begin with a numeral: 六厂前街, 三环路, 二大队, 一环两纵七横.

The table is data/names.tsv: what such a name ends in, what must not follow there, and

alone         what the numeral and the ending make without a part between them: always, a name (三环路);
              after name, one where another name stands before them (城东二路, but 兵分三路)
after a part  land: 道, 台, 门, 口 and 峰 between them name a place (五道沟), and are no measure words
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.numbers.units import Units

_NUMERAL = "〇零一二三四五六七八九十百千万亿两"
_NUMERALS = frozenset(_NUMERAL)
_TERRAIN = frozenset("道台门口峰")
_BEFORE_A_COUNT = frozenset("分共有各的了达计第等出走")
"""What stands before a numeral that counts: 兵分三路, 共四厂."""
# 一环两纵七横, 六稳六保: a numeral and one word, twice or more; 三死五伤 are counted. At most twenty
# times, for it is looked for at each numeral.
_SLOGAN = re.compile(rf"(?:[{_NUMERAL}][^\W\d_时死伤{_NUMERAL}]){{2,20}}")


class Names:
    """The endings of names; immutable."""

    __slots__ = ("_alone", "_ends", "_land", "_name")

    def __init__(self, table_rows: Iterable[Mapping[str, str]]) -> None:
        table_rows = list(table_rows)
        self._alone = {line["ending"]: line["alone"] for line in table_rows}
        self._land = frozenset(line["ending"] for line in table_rows if line["after a part"] == "land")
        self._ends = frozenset(line["ending"][0] for line in table_rows)
        ends = (
            line["ending"] + "".join(f"(?!{word})" for word in line["unless followed by"].split())
            for line in table_rows
        )
        self._name = re.compile(
            rf"[{_NUMERAL}]+(?P<part>[^\W\d_{_NUMERAL}的了是在和与及有为个名余多几]{{0,3}}?)(?P<end>{'|'.join(ends)})"
        )

    def stop(self, text: str, begin: int, stop: int, units: Units) -> int | None:
        """Where a name that begins with the number words text[begin:stop] stops, or None."""
        m = _SLOGAN.match(text, begin) if text[begin + 2 : begin + 3] in _NUMERALS else None
        if m and units.marked("paired").isdisjoint(m.group()[1::2]):
            return m.end()
        if self._ends.isdisjoint(text[stop : stop + 5]):
            return None
        m = self._name.match(text, begin)
        if not m:
            return None
        part, end = m["part"], m["end"]
        if part:
            named = part == "里" or (part in _TERRAIN and end in self._land)
            return m.end() if named or not units.match(text, m.start("part")) else None
        left = text[begin - 1 : begin] if begin else ""
        alone = self._alone[end]
        named = alone == "always" or (
            alone == "after name" and left.isalnum() and left not in _BEFORE_A_COUNT
        )
        return m.end() if named else None
