"""Indicators and concepts on the desk: what their files say, would say, and would do over articles.

Everything else in a file is kept: comments, order, the other entries.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from pipeline.concepts.concept_files import COLUMNS, load_concepts
from pipeline.concepts.concept_list import ConceptList, normalize_name
from pipeline.csvfile import read_rows
from pipeline.desk.forms import Draft
from pipeline.numbers.extract import Reading
from pipeline.numbers.units import unit_code
from pipeline.safe_files import draft_copy
from pipeline.statistics.catalog import load_indicators
from pipeline.statistics.catalog_entries import Catalog
from pipeline.statistics.trial import Trial, try_indicators
from pipeline.texts.source import Source
from pipeline.yamlfile import dump_yaml, flow_mapping, load_for_editing, load_yaml

Readings = Sequence[tuple[Source, Reading]]
Tried = tuple[Trial, list[str]]
"""What a draft catches and comes near to, and what it disputes with others."""

Files = Mapping[str, Path]
"""A catalog's files by their paths within it."""
_HEADER = "# yaml-language-server: $schema=../schema/indicator.schema.json\nindicators:\n"


class Indicators:
    """The indicators of catalog/indicators/*.yaml."""

    thing = "indicator"
    files: ClassVar[str] = "indicators/*.yaml"
    own: ClassVar[str] = "indicators/own.yaml"
    """Where new ones go, in the project's catalog."""
    first: ClassVar[tuple[str, ...]] = (
        "id", "concept", "title", "definition", "kind", "unit", "subjects", "measures",
    )  # fmt: skip
    """Fields that a form shows unfolded."""

    @staticmethod
    def entries(files: Files) -> dict[str, tuple[str, dict[str, Any]]]:
        """Every one's file within the catalog, and what it says there."""
        return {
            entry["id"]: (place, entry)
            for place, path in files.items()
            for entry in load_yaml(path).data.get("indicators") or ()
        }

    @staticmethod
    def written(text: str, draft: Draft, path: Path) -> str:
        """A file's text with a draft in it: in its place where it is there, else at the end."""
        from ruamel.yaml.comments import CommentedMap, CommentedSeq

        document = load_for_editing(text or _HEADER, path)
        if document.get("indicators") is None:
            document["indicators"] = CommentedSeq()
        known = next((one for one in document["indicators"] if one.get("id") == draft.id), None)
        item = CommentedMap() if known is None else known
        for name in [name for name in item if name in draft.emptied]:
            del item[name]
        for name, value in draft.entry.items():
            if item.get(name) != value:
                item[name] = _shaped(value)
        if known is None:
            document["indicators"].append(item)
        return dump_yaml(document)

    @staticmethod
    def tried(catalog: Catalog, files: Files, draft: Draft, place: str, text: str, over: Readings) -> Tried:
        """What a draft does over articles, in the file at this place, which then says this text.

        Raises `WenshuError` where the catalog would not be sound.
        """
        with draft_copy(text, Path(place)) as path:
            found, concepts = load_indicators([path], catalog.concepts)
        trial = try_indicators(replace(catalog, concepts=concepts), [found[draft.id]], over)
        return trial, [one.message for one in trial.diagnostics]


class Concepts:
    """The concepts of catalog/concepts/*.csv."""

    thing = "concept"
    files: ClassVar[str] = "concepts/*.csv"
    own: ClassVar[str] = "concepts/own.csv"
    first: ClassVar[tuple[str, ...]] = ("code", "zh", "en", "kind", "unit", "also", "collects")

    @staticmethod
    def entries(files: Files) -> dict[str, tuple[str, dict[str, Any]]]:
        """Every one's file within the catalog, and what it says there, empty cells left out."""
        return {
            row["code"]: (place, {name: _read(name, cell) for name, cell in row.items() if cell})
            for place, path in files.items()
            for _, row in read_rows(path, COLUMNS)
        }

    @staticmethod
    def written(text: str, draft: Draft, path: Path) -> str:
        """A file's text with a draft in it: in the place of its line where it is there, else at the end."""
        lines = io.StringIO(text, newline="").readlines() or [",".join(COLUMNS) + "\n"]
        ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
        if not lines[-1].endswith("\n"):
            lines[-1] += ending
        out = io.StringIO()
        cells = (_cell(draft.entry.get(name)) for name in COLUMNS)
        csv.writer(out, lineterminator=ending).writerow(cells)
        first = last = len(lines)
        reader, begin = csv.reader(lines), 0
        for row in reader:
            if row[:1] == [draft.id]:
                first, last = begin, reader.line_num
            begin = reader.line_num
        return "".join((*lines[:first], out.getvalue(), *lines[last:]))

    @staticmethod
    def tried(catalog: Catalog, files: Files, draft: Draft, place: str, text: str, over: Readings) -> Tried:
        """As `Indicators.tried`: what the level of a concept would be read as, as of an indicator of it.

        It disputes what would go from one concept to another.
        """
        own = {name: path for name, path in files.items() if name != place}
        of = {kind: [p for name, p in own.items() if name.startswith(kind)] for kind in _TOGETHER}
        with draft_copy(text, Path(place)) as path:
            concepts = load_concepts([*of["concepts/"], path], of["breakdowns/"])
        load_indicators(of["indicators/"], concepts)
        entry = f"indicators: [{{id: draft, concept: {draft.id}}}]\n"
        with draft_copy(entry, Path(Indicators.own)) as path:
            indicator = replace(load_indicators([path], concepts)[0]["draft"], id=draft.id)
        trial = try_indicators(replace(catalog, concepts=concepts), [indicator], over)
        return trial, [*_moved(catalog.concepts, concepts, draft.id, over)]


_TOGETHER = ("concepts/", "breakdowns/", "indicators/")
"""What is read together: indicators are cells of concepts, breakdowns what stands before their names."""


def _moved(before: ConceptList, after: ConceptList, code: str, over: Readings) -> Iterator[str]:
    """The figures that a changed list takes for another concept than before."""
    times: Counter[tuple[str, str, str]] = Counter()
    for _, reading in over:
        for m in reading.mentions:
            if m.statistical and (subject := normalize_name(m.subject or "")):
                asked = subject, m.kind, unit_code(m.kind, m.unit)
                old, new = (found.concept if (found := one.find(*asked)) else None for one in (before, after))
                if old and old.code != (new.code if new else "") and code in (old.code, new and new.code):
                    times[subject, old.zh, new.zh if new else "—"] += 1
    for (subject, was, now), count in times.most_common():
        yield f"{count}× {subject}: {was} → {now}"


def _read(name: str, cell: str) -> Any:
    return cell.split() if name in ("also", "bare") else True if name == "general" else cell


def _cell(value: Any) -> str:
    return "yes" if value is True else " ".join(value) if isinstance(value, list) else str(value or "")


def _shaped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return flow_mapping(value)
    if isinstance(value, list):
        from ruamel.yaml.comments import CommentedSeq

        words = CommentedSeq(value)
        words.fa.set_flow_style()
        return words
    return value
