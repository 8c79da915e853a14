"""The words of a text's statistical sentences, as arrays: what the ranker looks at.

A figure is masked before the words are cut, so that no numeral runs into a word beside it and each
figure is one word of its own. Tags are rjieba's (after ICTCLAS): n noun, v verb, vn verb as noun,
a adjective, b attributive, p preposition, c conjunction, d adverb, f place, uj 的, x sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from struct import Struct
from zlib import crc32

import numpy as np
import numpy.typing as npt
import rjieba

from pipeline.frames.cuewords import classes, edges
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

Ints = npt.NDArray[np.int64]
Ids = npt.NDArray[np.uint32]

FIGURE, DATE = "\ue000", "\ue001"
"""What stands for a statistical figure and for a date while words are cut."""
PAD = 3
"""Words of nothing before the first word and after the last: neighbours need no bound."""
_OPEN, _CLOSE = frozenset("（([【“‘「『《〈"), frozenset("）)]】”’」』》〉")
_HARD = frozenset("，。；：！？…—,;:!?\n│|●◆■▲※→")
NO_FIRST, NO_LAST, JOINT = 1, 2, 4
"""Parts that a word plays in candidates: none begins, none ends with it; it joins the items of a list."""
_NO_EDGE = frozenset("uj ul uz ug uv ud y e o".split())
_NO_FIRST, _NO_LAST = _NO_EDGE | set("pcy"), _NO_EDGE | set("pcr")
_LINKS = frozenset("达超至近约能占为升降增减是仅共由比较报跌涨")
_BEFORE_RATIO = frozenset("n vn v j nz b l".split())
_PACKED = Struct("=8q")


@lru_cache(maxsize=1 << 16)
def _ids(word: str, kind: str) -> bytes:
    """Word, tag, class of cue word, last and first character; sign, part, length: as int64, packed."""
    kind = edges("tag").get(word, kind)
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
    no_first = (kind in _NO_FIRST or word in edges("no_first")) and word not in edges("first")
    no_last = (kind in _NO_LAST or word in edges("no_last")) and word not in edges("last")
    part = NO_FIRST * no_first | NO_LAST * no_last | JOINT * (word in edges("joint"))
    names = word, kind, classes().get(word, ""), word[-1:], word[:1]
    return _PACKED.pack(*map(named, names), sign, part, len(word))


@lru_cache(maxsize=2)
def _dictionary(whole: frozenset[str]) -> rjieba.Jieba:
    """What cuts a text into words with their tags: these nouns whole, and the words that edges.tsv adds."""
    jieba = rjieba.Jieba()
    added = edges("word") | {noun: "n" for noun in sorted(whole) if len(noun) > 1}
    for word, tag in added.items():
        if not jieba.has_word(word):
            jieba.add_word(word, None, tag)
    return jieba


def _apart(jieba: rjieba.Jieba, cut: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The words, with 率达 or 率升|到 before a figure apart, where the dictionary knows no such word, and
    with 桥隧|比 before one as one word: no preposition stands there."""
    figures = [i for i, (word, _) in enumerate(cut) if word == FIGURE]
    for i in reversed(figures):
        if i > 1 and cut[i - 1][0] == "比" and cut[i - 2][1] in _BEFORE_RATIO:
            cut[i - 2 : i] = [(cut[i - 2][0] + "比", "n")]
            continue
        for at in (i - 1, i - 2):
            word = cut[at][0] if at >= 0 else ""
            if noun := edges("apart").get(word):
                cut[at : at + 1] = [(noun, "n"), (word[len(noun) :], "v")]
            elif _is_linked(jieba, word):
                cut[at : at + 1] = [*jieba.tag(word[:-1]), (word[-1], "v")]
    return cut


def _is_linked(jieba: rjieba.Jieba, word: str) -> bool:
    """Whether a word is made of a noun and what leads from it to its figure: 率达."""
    return len(word) > 1 and word[-1] in _LINKS and (word == "比达" or not jieba.has_word(word))


@lru_cache(maxsize=1 << 14)
def named(name: str) -> int:
    """The id of a name: the same on every machine and in every release."""
    return crc32(name.encode("utf-8", "surrogatepass"))


_MASKS = [named(FIGURE), named(DATE)]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts in reading order, `PAD` of nothing before and after each text.

    begin, stop: offsets into the text's flow. word, tag, cue, last, first: ids (`named`) of the word, its
    tag, its class of cue word, its last and its first character. sign: 1 ends a clause, 2 opens a bracket
    or quotation, 3 closes it, 4 is 、, 5 is space, 0 anything else. part: NO_FIRST, NO_LAST, JOINT.
    sentence: its sentence's number, those of two texts more than 1 apart. figure: the place in `tokens` of
    the figure that the word stands for, -1 elsewhere. known: whether it is a noun of the catalog.
    texts: where each text begins.
    """

    begin: Ints
    stop: Ints
    word: Ids
    tag: Ids
    cue: Ids
    last: Ids
    first: Ids
    sign: Ints
    part: Ints
    sentence: Ints
    figure: Ints
    known: npt.NDArray[np.bool_]
    texts: Ints

    def __len__(self) -> int:
        return len(self.begin)


def words_of(texts: Sequence[tuple[Flow, Sequence[Mention]]], nouns: frozenset[str] = frozenset()) -> Words:
    """The words of every sentence that holds a statistical figure."""
    masks = [_masked(flow, tokens) for flow, tokens in texts]
    jieba = _dictionary(nouns)
    cuts = [_apart(jieba, jieba.tag(masked)) for masked, *_ in masks]
    sizes = np.array([len(cut) for cut in cuts])
    texts_begin = np.cumsum(sizes + 2 * PAD) - sizes - 2 * PAD
    every = [entry for cut in cuts for entry in cut]
    n = len(every) + 2 * PAD * len(cuts)
    inside = np.ones(n, bool)
    for k in range(PAD):
        inside[texts_begin + k] = inside[texts_begin + PAD + sizes + k] = False
    ids = np.zeros((8, n), np.int64)
    ids[5] = 1
    ids[:, inside] = np.frombuffer(b"".join(starmap(_ids, every)), np.int64).reshape(-1, 8).T
    stop = np.cumsum(ids[7])
    begin = stop - ids[7]
    base = begin[texts_begin].tolist()  # places count on from one text to the next
    shifts: list[tuple[int, int]] = []
    figures: list[tuple[int, int]] = []
    sentences: list[tuple[int, int]] = []
    token = number = 0
    for at, (_, moves, its, starts), (flow, tokens) in zip(base, masks, texts, strict=True):
        shifts.append((at, -at))
        shifts += [(at + place, shift - at) for place, shift in moves]
        figures += [(at + place, token + index) for place, index in its]
        sentences += [(at + place, number + index) for place, index in starts]
        token += len(tokens)
        number += len(flow.sentences) + 3
    at_shift, moved = _columns(shifts)
    at_figure, index = _columns(figures)
    at_sentence, numbers = _columns(sentences)
    masked = np.isin(ids[0], _MASKS)
    shift = moved[np.searchsorted(at_shift, begin, side="right") - 1]
    ends = stop + shift
    ends[masked] = stop[masked] + moved[np.searchsorted(at_shift, stop[masked])]  # the whole figure or date
    within = np.flatnonzero(inside)
    figure = np.full(n, -1, np.int64)
    figure[within[np.searchsorted(begin[within], at_figure)]] = index
    sentence = numbers[np.maximum(np.searchsorted(at_sentence, begin, side="right") - 1, 0)]
    sentence[~inside] = -2
    known = np.zeros(n, bool)
    if nouns:
        known[inside] = [word in nouns for word, _ in every]
    word, kind, cue, last, first = ids[:5].astype(np.uint32)
    return Words(
        begin + shift, ends, word, kind, cue, last, first, ids[5], ids[6], sentence, figure, known,
        texts_begin,
    )  # fmt: skip


def _columns(pairs: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    first, second = np.array(pairs or [(0, 0)], np.int64).T
    return first, second


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
        last = first
        while last < n and tokens[last].begin < stop:
            last += 1
        here, i = begin, last
        for cut, end, token in _cuts(text, begin, stop, tokens, range(first, last)):
            cut = max(cut, here)  # 10几十人: 几 is of the figure before
            shifts.append((at, here - at))
            parts.append(text[here:cut])
            at += cut - here
            here = end
            if token < 0:
                continue
            shifts.append((at, cut - at))
            if tokens[token].statistical:
                figures.append((at, token))
            parts.append(FIGURE if tokens[token].statistical else DATE)
            at += 1
        shifts.append((at, here - at))
        rest = text[here : max(here, stop)]
        parts += rest, "\n"
        at += len(rest) + 1
    return "".join(parts), shifts, figures, starts


_GLOSS = re.compile(r"[(（][^()（）\n]{1,60}[)）]|[\[［【〔][^\[\]［］【】〔〕\n]{1,60}[\]］】〕]")


def _cuts(
    text: str, begin: int, stop: int, tokens: Sequence[Mention], places: range
) -> Iterator[tuple[int, int, int]]:
    """What is no word in a sentence: its figures and dates with their places among the tokens, and
    bracketed glosses without a figure, -1, which nothing beside a figure is told by."""
    masked = [
        (tokens[i].begin - _vague(text, begin, tokens[i]), tokens[i].stop, i)
        for i in places
        if tokens[i].statistical or tokens[i].kind == "date"
    ]
    at = 0
    for gloss in _GLOSS.finditer(text, begin, stop):
        while at < len(masked) and masked[at][1] <= gloss.start():
            yield masked[at]
            at += 1
        inside = at
        while inside < len(masked) and masked[inside][0] < gloss.end():
            inside += 1
        if not any(tokens[i].statistical for _, _, i in masked[at:inside]):
            yield gloss.start(), gloss.end(), -1
            at = inside
    yield from masked[at:]


def _vague(text: str, begin: int, token: Mention) -> int:
    """1 where the character before a figure belongs to it: 另有数十人 holds no 有数."""
    vague = token.begin > begin and token.value is None and text[token.begin - 1] in "数几"
    return int(vague and text[token.begin] in "十百千万亿")
