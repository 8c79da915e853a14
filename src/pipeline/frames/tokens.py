"""The tokens of the sentences with statistical figures, as arrays.

Figures are masked before tokenization, so that each is one token and none is merged with a word beside
it. Tags are rjieba's (after ICTCLAS): n noun, v verb, vn verb as noun, a adjective, b attributive,
p preposition, c conjunction, d adverb, f place, uj 的, x sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from struct import Struct
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import rjieba

from pipeline.frames.cuewords import cue_classes, edge_words
from pipeline.numbers.mention import Mention
from pipeline.texts.layout import Flow

Ints = npt.NDArray[np.int64]
Ids = npt.NDArray[np.uint32]

FIGURE, DATE = "\ue000", "\ue001"
"""The placeholders of statistical figures and dates during tokenization."""
PAD = 3
"""Padding tokens before the first token and after the last, so that neighbours need no bounds check."""
_OPEN, _CLOSE = frozenset("（([【“‘「『《〈"), frozenset("）)]】”’」』》〉")
_HARD = frozenset("，。；：！？…—,;:!?\n│|●◆■▲※→")
NO_FIRST, NO_LAST, JOINT = 1, 2, 4
"""Flags of a token: no candidate begins with it, none ends with it, it joins the items of a list."""
_NO_EDGE = frozenset("uj ul uz ug uv ud y e o".split())
_NO_FIRST, _NO_LAST = _NO_EDGE | set("pcy"), _NO_EDGE | set("pcr")
_LINKS = frozenset("达超至近约能占为升降增减是仅共由比较报跌涨")
_BEFORE_RATIO = frozenset("n vn v j nz b l".split())
_PACKED = Struct("=8q")


@lru_cache(maxsize=1 << 16)
def _ids(word: str, kind: str) -> bytes:
    """Packed int64: ids of word, tag, cue class, last and first character; then sign, flags and length."""
    kind = edge_words("tag").get(word, kind)
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
    no_first = (kind in _NO_FIRST or word in edge_words("no_first")) and word not in edge_words("first")
    no_last = (kind in _NO_LAST or word in edge_words("no_last")) and word not in edge_words("last")
    flags = NO_FIRST * no_first | NO_LAST * no_last | JOINT * (word in edge_words("joint"))
    names = word, kind, cue_classes().get(word, ""), word[-1:], word[:1]
    return _PACKED.pack(*map(hash_name, names), sign, flags, len(word))


@lru_cache(maxsize=2)
def _dictionary(whole: frozenset[str]) -> rjieba.Jieba:
    """The tokenizer and tagger with the nouns of the catalog and the words of edges.tsv added."""
    jieba = rjieba.Jieba()
    added = edge_words("word") | {noun: "n" for noun in sorted(whole) if len(noun) > 1}
    for word, tag in added.items():
        if not jieba.has_word(word):
            jieba.add_word(word, None, tag)
    return jieba


def _corrected(jieba: rjieba.Jieba, cut: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The tokens with corrections before figures: 率达 and 率升|到 are split where the dictionary has no such
    word, and 桥隧|比 is joined, as no preposition precedes a figure."""
    figures = [i for i, (word, _) in enumerate(cut) if word == FIGURE]
    for i in reversed(figures):
        if i > 1 and cut[i - 1][0] == "比" and cut[i - 2][1] in _BEFORE_RATIO:
            cut[i - 2 : i] = [(cut[i - 2][0] + "比", "n")]
            continue
        for at in (i - 1, i - 2):
            word = cut[at][0] if at >= 0 else ""
            if noun := edge_words("apart").get(word):
                cut[at : at + 1] = [(noun, "n"), (word[len(noun) :], "v")]
            elif _is_linked(jieba, word):
                cut[at : at + 1] = [*jieba.tag(word[:-1]), (word[-1], "v")]
    return cut


def _is_linked(jieba: rjieba.Jieba, word: str) -> bool:
    """Whether a word is a noun with the verb that links it to its figure: 率达."""
    return len(word) > 1 and word[-1] in _LINKS and (word == "比达" or not jieba.has_word(word))


@lru_cache(maxsize=1 << 14)
def hash_name(name: str) -> int:
    """The id of a name, the same on every machine and in every release."""
    return crc32(name.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some texts in reading order, with `PAD` padding tokens before and after each text.

    begin, stop: offsets in the flow of the text. word, tag, cue, last, first: ids (`hash_name`) of the word,
    its tag, its cue class, its last and its first character. sign: 1 ends a clause, 2 opens a bracket or
    quotation, 3 closes it, 4 is 、, 5 is space, 0 any other token. flags: NO_FIRST, NO_LAST, JOINT.
    sentence: its number; the numbers of different texts differ by more than 1. figure: the index in
    `mentions` of the figure that the token stands for, or -1. in_catalog: whether it is a noun of the
    catalog. texts: the first token of each text.
    """

    begin: Ints
    stop: Ints
    word: Ids
    tag: Ids
    cue: Ids
    last: Ids
    first: Ids
    sign: Ints
    flags: Ints
    sentence: Ints
    figure: Ints
    in_catalog: npt.NDArray[np.bool_]
    texts: Ints

    def __len__(self) -> int:
        return len(self.begin)


def tokenize(texts: Sequence[tuple[Flow, Sequence[Mention]]], nouns: frozenset[str] = frozenset()) -> Tokens:
    """The tokens of all sentences with a statistical figure."""
    jieba = _dictionary(nouns)
    cuts: list[list[tuple[str, str]]] = []
    pieces: list[_Piece] = []
    mention = number = 0
    for flow, mentions in texts:
        masked, of_text = _masked(flow, mentions, mention, number)
        cuts.append(_corrected(jieba, jieba.tag(masked)))
        pieces += of_text
        mention += len(mentions)
        number += len(flow.sentences) + 3
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
    columns = np.array(pieces or [_Piece(0, 0, 0, _TEXT, 0)], np.int64).T
    starts = np.cumsum(columns[2]) - columns[2]  # of pieces in all masked texts together
    offset = np.cumsum(ids[7]) - ids[7]
    piece = np.searchsorted(starts, offset, side="right") - 1
    begin, end, _, figure, sentence = columns[:, piece]
    begin = begin + offset - starts[piece]
    stop = np.where(inside & (figure != _TEXT), end, begin + ids[7])
    figure = np.where(inside & (figure >= 0), figure, -1)
    sentence = np.where(inside, sentence, -2)
    in_catalog = np.zeros(n, bool)
    if nouns:
        in_catalog[inside] = [word in nouns for word, _ in every]
    word, kind, cue, last, first = ids[:5].astype(np.uint32)
    return Tokens(
        begin, stop, word, kind, cue, last, first, ids[5], ids[6], sentence, figure, in_catalog, texts_begin
    )


class _Piece(NamedTuple):
    """A part of a masked text: a piece of the flow or a placeholder.

    begin, stop: offsets in the flow. length: that in the masked text. figure: the index of the mention that
    a placeholder stands for, `_DATE` or `_TEXT`. sentence: its number.
    """

    begin: int
    stop: int
    length: int
    figure: int
    sentence: int


_TEXT, _DATE = -1, -2


def _masked(
    flow: Flow, mentions: Sequence[Mention], first_mention: int, first_number: int
) -> tuple[str, list[_Piece]]:
    """The sentences with statistical figures, masked, and their pieces.

    first_mention, first_number: the numbers of the first mention and sentence among those of all texts.
    """
    text, sentences = flow.text, flow.sentences or ((0, len(flow.text)),)
    parts: list[str] = []
    pieces: list[_Piece] = []
    number = 0
    i, n = 0, len(mentions)
    while i < n:
        if not mentions[i].statistical:
            i += 1
            continue
        while number < len(sentences) - 1 and sentences[number][1] <= mentions[i].begin:
            number += 1
        begin = min(sentences[number][0], mentions[i].begin)
        stop = max(sentences[number][1], mentions[i].stop)
        first = i
        while first > 0 and mentions[first - 1].begin >= begin:
            first -= 1
        last = first
        while last < n and mentions[last].begin < stop:
            last += 1
        here, i, sentence = begin, last, first_number + number
        for cut, end, mention in _cuts(text, begin, stop, mentions, range(first, last)):
            cut = max(cut, here)  # 10几十人: 几 is of the figure before
            parts.append(text[here:cut])
            pieces.append(_Piece(here, cut, cut - here, _TEXT, sentence))
            here = end
            if mention >= 0:
                statistical = mentions[mention].statistical
                parts.append(FIGURE if statistical else DATE)
                figure = first_mention + mention if statistical else _DATE
                pieces.append(_Piece(cut, end, 1, figure, sentence))
        stop = max(here, stop)
        parts += text[here:stop], "\n"
        pieces.append(_Piece(here, stop, stop - here + 1, _TEXT, sentence))
    return "".join(parts), pieces


_GLOSS = re.compile(r"[(（][^()（）\n]{1,60}[)）]|[\[［【〔][^\[\]［］【】〔〕\n]{1,60}[\]］】〕]")


def _cuts(
    text: str, begin: int, stop: int, mentions: Sequence[Mention], places: range
) -> Iterator[tuple[int, int, int]]:
    """The spans of a sentence that are not tokenized: figures and dates with the indices of their mentions,
    and glosses in brackets without a figure, with -1."""
    masked = [
        (mentions[i].begin - _vague(text, begin, mentions[i]), mentions[i].stop, i)
        for i in places
        if mentions[i].statistical or mentions[i].kind == "date"
    ]
    at = 0
    for gloss in _GLOSS.finditer(text, begin, stop):
        while at < len(masked) and masked[at][1] <= gloss.start():
            yield masked[at]
            at += 1
        inside = at
        while inside < len(masked) and masked[inside][0] < gloss.end():
            inside += 1
        if not any(mentions[i].statistical for _, _, i in masked[at:inside]):
            yield gloss.start(), gloss.end(), -1
            at = inside
    yield from masked[at:]


def _vague(text: str, begin: int, mention: Mention) -> int:
    """1 where the character before a figure is a part of it: 另有数十人 is not 有数|十."""
    vague = mention.begin > begin and mention.value is None and text[mention.begin - 1] in "数几"
    return int(vague and text[mention.begin] in "十百千万亿")
