"""Indicators and concepts in the catalog's files: read, a draft written in, a draft tried over articles.

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

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from pipeline.concepts.concept_files import COLUMNS, load_concepts
from pipeline.concepts.concept_list import ConceptList, normalize_name
from pipeline.csvfile import read_rows
from pipeline.numbers.extract import Reading
from pipeline.numbers.units import unit_code
from pipeline.safe_files import draft_copy
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_indicators
from pipeline.statistics.trial import Trial, try_indicators
from pipeline.texts.source import Source
from pipeline.yamlfile import dump_yaml, flow_mapping, load_for_editing, load_yaml

Entry = Mapping[str, Any]
"""An indicator or a concept; in a draft, fields that are to be emptied are None."""
Readings = Sequence[tuple[Source, Reading]]
TrialResult = tuple[Trial, list[str]]
"""The figures that a draft claims and nearly claims, and its conflicts with other entries."""

Files = Mapping[str, Path]
"""A catalog's files by their paths within it."""
_HEADER = "# yaml-language-server: $schema=../schema/indicator.schema.json\nindicators:\n"


class IndicatorEntries:
    """The indicators of catalog/indicators/*.yaml."""

    thing = "indicator"
    pattern: ClassVar[str] = "indicators/*.yaml"
    own_file: ClassVar[str] = "indicators/own.yaml"
    """The file of the project's catalog for new ones."""
    main_fields: ClassVar[tuple[str, ...]] = (
        "id", "concept", "title", "definition", "kind", "unit", "subjects", "measures",
    )  # fmt: skip
    """Fields that a form shows at once; the others are folded."""

    @staticmethod
    def read_entries(files: Files) -> dict[str, tuple[str, dict[str, Any]]]:
        """By id the file within the catalog, and the entry."""
        return {
            entry["id"]: (place, entry)
            for place, path in files.items()
            for entry in load_yaml(path).data.get("indicators") or ()
        }

    @staticmethod
    def with_draft(text: str, draft: Entry, path: Path) -> str:
        """A file's text with a draft: in the place of its entry if there is one, else at the end."""
        document = load_for_editing(text or _HEADER, path)
        if document.get("indicators") is None:
            document["indicators"] = CommentedSeq()
        entry = next((one for one in document["indicators"] if one.get("id") == draft["id"]), None)
        if entry is None:
            entry = CommentedMap()
            document["indicators"].append(entry)
        for name, value in draft.items():
            if value is None:
                entry.pop(name, None)
            elif entry.get(name) != value:
                entry[name] = _yaml_value(value)
        return dump_yaml(document)

    @staticmethod
    def try_draft(
        catalog: Catalog, files: Files, draft: Entry, place: str, text: str, over: Readings
    ) -> TrialResult:
        """The result of a draft over articles. place: its file, which would have this text.

        Raises `WenshuError` where the catalog would not be sound.
        """
        with draft_copy(text, Path(place)) as path:
            found, concepts = load_indicators([path], catalog.concepts)
        trial = try_indicators(replace(catalog, concepts=concepts), [found[draft["id"]]], over)
        return trial, [one.message for one in trial.diagnostics]


class ConceptEntries:
    """The concepts of catalog/concepts/*.csv."""

    thing = "concept"
    pattern: ClassVar[str] = "concepts/*.csv"
    own_file: ClassVar[str] = "concepts/own.csv"
    main_fields: ClassVar[tuple[str, ...]] = ("code", "zh", "en", "kind", "unit", "also", "collects")

    @staticmethod
    def read_entries(files: Files) -> dict[str, tuple[str, dict[str, Any]]]:
        """By code the file within the catalog, and the entry; empty cells are left out."""
        return {
            row["code"]: (place, {name: _parse_cell(name, cell) for name, cell in row.items() if cell})
            for place, path in files.items()
            for _, row in read_rows(path, COLUMNS)
        }

    @staticmethod
    def with_draft(text: str, draft: Entry, path: Path) -> str:
        """A file's text with a draft: in the place of its lines if there are any, else at the end."""
        lines = io.StringIO(text, newline="").readlines() or [",".join(COLUMNS) + "\n"]
        ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
        if not lines[-1].endswith("\n"):
            lines[-1] += ending
        out = io.StringIO()
        cells = (_format_cell(draft.get(name)) for name in COLUMNS)
        csv.writer(out, lineterminator=ending).writerow(cells)
        first = last = len(lines)
        reader, begin = csv.reader(lines), 0
        for row in reader:
            if row[:1] == [draft["code"]]:
                first, last = begin, reader.line_num
            begin = reader.line_num
        return "".join((*lines[:first], out.getvalue(), *lines[last:]))

    @staticmethod
    def try_draft(
        catalog: Catalog, files: Files, draft: Entry, place: str, text: str, over: Readings
    ) -> TrialResult:
        """As `IndicatorEntries.try_draft`, with an indicator of the concept's level.

        A conflict is a figure that would go from one concept to another.
        """
        others = {name: path for name, path in files.items() if name != place}
        of = {kind: [p for name, p in others.items() if name.startswith(kind)] for kind in _FOLDERS}
        with draft_copy(text, Path(place)) as path:
            concepts = load_concepts([*of["concepts/"], path], of["breakdowns/"])
        load_indicators(of["indicators/"], concepts)
        entry = f"indicators: [{{id: draft, concept: {draft['code']}}}]\n"
        with draft_copy(entry, Path(IndicatorEntries.own_file)) as path:
            indicator = replace(load_indicators([path], concepts)[0]["draft"], id=draft["code"])
        trial = try_indicators(replace(catalog, concepts=concepts), [indicator], over)
        return trial, [*_reassigned(catalog.concepts, concepts, draft["code"], over)]


_FOLDERS = ("concepts/", "breakdowns/", "indicators/")
"""Indicators refer to concepts, and breakdowns are words before the names of concepts."""


def _reassigned(before: ConceptList, after: ConceptList, code: str, over: Readings) -> Iterator[str]:
    """The figures that a changed list gives to another concept than before, counted, in lines."""
    times: Counter[tuple[str, str, str]] = Counter()
    for _, reading in over:
        for m in reading.mentions:
            if m.statistical and (subject := normalize_name(m.subject or "")):
                figure = subject, m.kind, unit_code(m.kind, m.unit)
                old, new = (
                    found.concept if (found := one.find(*figure)) else None for one in (before, after)
                )
                if old and old.code != (new.code if new else "") and code in (old.code, new and new.code):
                    times[subject, old.zh, new.zh if new else "—"] += 1
    for (subject, from_concept, to_concept), count in times.most_common():
        yield f"{count}× {subject}: {from_concept} → {to_concept}"


def _parse_cell(name: str, cell: str) -> Any:
    return cell.split() if name in ("also", "bare") else True if name == "general" else cell


def _format_cell(value: Any) -> str:
    return "yes" if value is True else " ".join(value) if isinstance(value, list) else str(value or "")


def _yaml_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return flow_mapping(value)
    if isinstance(value, list):
        words = CommentedSeq(value)
        words.fa.set_flow_style()
        return words
    return value
