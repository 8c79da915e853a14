"""The words of a text's statistical sentences, as arrays: what the ranker looks at.

A figure is masked before the words are cut, so that no numeral runs into a word beside it and each
figure is one word of its own. Tags are rjieba's (after ICTCLAS): n noun, v verb, vn verb as noun,
a adjective, b attributive, p preposition, c conjunction, d adverb, f place, uj 的, x sign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt
import rjieba

from pipeline.frames.cuewords import classes
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

Ints = npt.NDArray[np.int64]
Ids = npt.NDArray[np.uint32]

_TAGS = {"基本": "ad", "全部": "ad", "全面": "ad", "同比": "d", "环比": "d", "其中": "r", "平均": "a"}
"""Words that the dictionary tags otherwise than they are used in such text."""

FIGURE, DATE = "\ue000", "\ue001"
"""What stands for a statistical figure and for a date while words are cut."""
PAD = 3
"""Words of nothing before the first word and after the last: neighbours need no bound."""
_OPEN, _CLOSE = frozenset("（([【“‘「『《〈"), frozenset("）)]】”’」』》〉")
_HARD = frozenset("，。；：！？…—,;:!?\n│|●◆■▲※→")


@lru_cache(maxsize=1 << 16)
def _ids(word: str, kind: str) -> tuple[int, int, int, int, int, int]:
    kind = _TAGS.get(word, kind)
    sign = 0
    if kind == "x" or len(word) == 1:
        if word in _HARD:
            sign = 1
        elif word in _OPEN:
            sign = 2
        elif word in _CLOSE:
            sign = 3
        elif word == "、":
            sign = 4
        elif not word.strip():
            sign = 5
    if kind == "x":
        kind = word if sign or len(word) == 1 else "nx"
    return (
        named(word), named(kind), named(classes().get(word, "")), named(word[-1:]), named(word[:1]), sign
    )  # fmt: skip


@lru_cache(maxsize=2)
def _tagger(whole: frozenset[str]) -> Callable[[str], list[tuple[str, str]]]:
    """Cuts a text into words with their tags, these nouns whole."""
    if not whole:
        return rjieba.tag
    jieba = rjieba.Jieba()
    for noun in sorted(whole):
        if len(noun) > 1 and not jieba.has_word(noun):
            jieba.add_word(noun, None, "n")
    return jieba.tag


def named(name: str) -> int:
    """The id of a name: the same on every machine and in every release."""
    return crc32(name.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Words:
    """Words in reading order, `PAD` of nothing at both ends.

    begin, stop: offsets into the flow. word, tag, cue, last, first: ids (`named`) of the word, its tag,
    its class of cue word, its last and its first character. sign: 1 ends a clause, 2 opens a bracket or
    quotation, 3 closes it, 4 is 、, 5 is space, 0 anything else. sentence: its sentence's index.
    figure: the place in `tokens` of the figure that the word stands for, -1 elsewhere.
    known: whether it is a noun of the catalog.
    """

    begin: Ints
    stop: Ints
    word: Ids
    tag: Ids
    cue: Ids
    last: Ids
    first: Ids
    sign: Ints
    sentence: Ints
    figure: Ints
    known: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.begin)


def words_of(flow: Flow, tokens: Sequence[Mention], nouns: frozenset[str] = frozenset()) -> Words:
    """The words of every sentence that holds a statistical figure."""
    masked, shifts, figures, sentences = _masked(flow, tokens)
    cut = _tagger(nouns)(masked)
    n = len(cut)
    ids = np.zeros((6, n + 2 * PAD), np.int64)
    if n:
        ids[:, PAD:-PAD] = np.array([_ids(word, kind) for word, kind in cut], np.int64).T
    ids[5, :PAD] = ids[5, n + PAD :] = 1
    lengths = np.zeros(n + 2 * PAD, np.int64)
    lengths[PAD:-PAD] = [len(word) for word, _ in cut]
    stop = np.cumsum(lengths)
    begin = stop - lengths
    at = np.array([0, *(place for place, _ in shifts)], np.int64)
    moved = np.array([0, *(shift for _, shift in shifts)], np.int64)
    piece = np.searchsorted(at, begin, side="right") - 1
    figure = np.full(n + 2 * PAD, -1, np.int64)
    places = np.array([place for place, _ in figures], np.int64)
    figure[PAD + np.searchsorted(begin[PAD : n + PAD], places)] = [index for _, index in figures]
    starts = np.array([place for place, _ in sentences] or [0], np.int64)
    index = np.array([number for _, number in sentences] or [0], np.int64)
    sentence = index[np.maximum(np.searchsorted(starts, begin, side="right") - 1, 0)]
    sentence[:PAD] = -1
    sentence[n + PAD :] = -2
    known = np.zeros(n + 2 * PAD, bool)
    known[PAD : n + PAD] = [word in nouns for word, _ in cut]
    word, kind, cue, last, first, _ = ids.astype(np.uint32)
    return Words(
        begin + moved[piece], stop + moved[piece], word, kind, cue, last, first, ids[5], sentence, figure,
        known,
    )  # fmt: skip


def _masked(
    flow: Flow, tokens: Sequence[Mention]
) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int]]]:
    """The statistical sentences with figures masked; places where the shift to the flow changes, with
    the shift; places of figures, with their tokens; places of sentences, with their numbers."""
    text, sentences = flow.text, flow.sentences or ((0, len(flow.text)),)
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    figures: list[tuple[int, int]] = []
    starts: list[tuple[int, int]] = []
    at = number = 0
    i, n = 0, len(tokens)
    while i < n:
        if not tokens[i].statistical:
            i += 1
            continue
        while number < len(sentences) - 1 and sentences[number][1] <= tokens[i].begin:
            number += 1
        begin, stop = min(sentences[number][0], tokens[i].begin), max(sentences[number][1], tokens[i].stop)
        first = i
        while first > 0 and tokens[first - 1].begin >= begin:
            first -= 1
        starts.append((at, number))
        here, i = begin, first
        while i < n and tokens[i].begin < stop:
            token = tokens[i]
            if token.statistical or token.kind == "date":
                shifts.append((at, here - at))
                parts.append(text[here : token.begin])
                at += token.begin - here
                if token.statistical:
                    figures.append((at, i))
                shifts.append((at, token.begin - at))
                parts.append(FIGURE if token.statistical else DATE)
                at += 1
                here = token.stop
            i += 1
        shifts.append((at, here - at))
        rest = text[here : max(here, stop)]
        parts += rest, "\n"
        at += len(rest) + 1
    return "".join(parts), shifts, figures, starts
