"""`wenshu catalog`: check the catalog, try indicators on the articles, suggest new ones."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pipeline.commands.terminal import code_text
from pipeline.concepts.concept_files import COLUMNS
from pipeline.errors import LimitError, WenshuError, one_line
from pipeline.language import in_terminal_language, localized, translate
from pipeline.numbers.decimals import decimal_text
from pipeline.numbers.extract import Reading
from pipeline.numbers.lexicon import load_grammar
from pipeline.project import Project, project_from_args
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_catalog, load_indicators, parts_of_wholes
from pipeline.statistics.trial import TriedFigure, Unclaimed, find_gaps, readings_of, try_indicators
from pipeline.texts.source import Source, read_sources

_COLLECTS = {"money": "flow", "percent": "rate", "duration": "rate"}
"""How a proposed concept may collect time, by the kind of its figures; the officer may correct it."""


def run(args: Namespace) -> int:
    """Run `wenshu catalog` with its parsed arguments; the exit code."""
    project = project_from_args(args)
    if (args.file is None) == (args.action == "try"):
        wanted = "a file of indicators" if args.action == "try" else "no file"
        raise WenshuError(f"catalog {args.action} takes {wanted}; see wenshu catalog --help")
    return _ACTIONS[args.action](project, args)


def _check(project: Project, args: Namespace) -> int:
    """Print what is wrong with the catalog, or its contents; 1 where something is wrong."""
    try:
        catalog = load_catalog(project.catalog)
    except WenshuError as error:
        print(translate(one_line(str(error))))
        return 1
    concepts, indicators = len(catalog.concepts.concepts), len(catalog.indicators)
    datasets, sums = len(catalog.datasets), len(parts_of_wholes(catalog))
    print(
        translate(
            f"{project.catalog}: {concepts} concepts, {indicators} indicators, {datasets} datasets, "
            f"{sums} sums; nothing wrong"
        )
    )
    for note in _notes(catalog):
        print(f"{localized('注', 'note')}: {note}")
    return 0


def _notes(catalog: Catalog) -> Iterator[str]:
    """Notes on what is allowed but may be a mistake."""
    members = {member for dataset in catalog.datasets.values() for member in dataset.indicators}
    for indicator in catalog.indicators.values():
        if indicator.id not in members:
            yield translate(f"{indicator.id} is in no dataset; it comes out in observations alone")
    for dataset in catalog.datasets.values():
        if not dataset.indicators:
            yield translate(f"dataset {dataset.id} has no indicators, and its table no rows")


def _try(project: Project, args: Namespace) -> int:
    """Print the figures in raw/ that a file's indicators claim, and those that they nearly claim."""
    catalog = load_catalog(project.catalog)
    drafts, concepts = load_indicators([args.file], catalog.concepts)
    catalog = replace(catalog, concepts=concepts)
    trial = try_indicators(catalog, list(drafts.values()), _readings(project))
    for draft in drafts.values():
        caught, missed = trial.caught[draft.id], trial.missed[draft.id]
        counts = translate(f"{len(caught)} caught, {len(missed)} near")
        print(f"{draft.id}  {draft.title['zh']}: {counts}")
        for one in caught[: args.limit]:
            _print(_figure(one), one)
        for one in missed[: args.limit]:
            _print(f"{localized('未认领', 'not caught')} ({translate(one.reason)})", one)
        for near in trial.near[draft.id][: args.limit]:
            unit = one_line(near.unit or "")
            why = one_line(translate(near.reason))
            print(f"  {localized('相近', 'near')}: {near.times}× {one_line(near.subject)} {unit}: {why}")
            print(f"      {one_line(near.quote)}")
    for doubt in trial.diagnostics:
        print(f"{code_text('severity', doubt.severity)}: {in_terminal_language(one_line(doubt.message))}")
    return 0


def _print(what: str, one: TriedFigure) -> None:
    print(f"  {one_line(what)}\n      {one_line(one.source.path)}: {one_line(one.quote)}")


def _figure(one: TriedFigure) -> str:
    claim = one.claim
    assert claim is not None, "what is caught has a claim"
    value = decimal_text(claim.value) or f"{decimal_text(claim.low) or ''}..{decimal_text(claim.high) or ''}"
    where = (claim.ref_area or "region?", claim.time_period or "period?", claim.obs_status, claim.qualifier)
    return f"{value} {claim.unit_measure}  {'  '.join(where)}"


def _suggest(project: Project, args: Namespace) -> int:
    """Print the most frequent subjects that name no concept, as a file of concepts to fill in."""
    catalog = load_catalog(project.catalog)
    found = find_gaps(catalog, _readings(project))
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(COLUMNS)
    proposed: set[str] = set()
    for number, one in enumerate(found.unclaimed[: args.limit], 1):
        for quote in one.quotes:
            print(f"# {one.times}× {_comment(quote)}")
        if bearers := catalog.concepts.by_name(one.subject):
            named = ", ".join(concept.code for concept in bearers)
            print(f"# {_comment(one.subject)} {one.code}: a name of {named}, with another unit")
        elif one.subject[:1].isalnum() and one.subject not in proposed:  # a sign would make it a formula
            proposed.add(one.subject)
            lines.writerow(_proposed(number, one))
    if found.unused:
        print(f"# no figure was read as: {' '.join(found.unused)}")
    return 0


def _proposed(number: int, one: Unclaimed) -> tuple[str, ...]:
    """A line of catalog/concepts for a subject, to be named in English and given its unit."""
    name = one_line("".join(one.subject.split()))
    collects = _COLLECTS.get(one.kind, "stock")
    return f"new_{number}", name, "TODO", one.kind, one.code, "", "", "", collects, "", ""


def _comment(words: str) -> str:
    """A text as part of a comment in a CSV file."""
    return one_line(words).replace('"', "“")


def _readings(project: Project) -> Iterator[tuple[Source, Reading]]:
    """The articles that a run would read, each with its reading; of the others stderr says why."""
    for source, reading in readings_of(_sources(project), load_grammar(project.catalog)):
        try:
            project.limits.check_numerals(len(reading.mentions))
        except LimitError as error:
            _report(source, str(error))
        else:
            yield source, reading


def _sources(project: Project) -> list[Source]:
    if project.raw_url:
        from pipeline.night.run_record import output_lock
        from pipeline.texts.mirror import mirror

        with output_lock(project):
            mirror(project.raw_url, project.raw, lambda done, total: None)
    sources = read_sources(project.raw, project.read_options)
    if not any(source.status == "read" for source in sources):
        raise WenshuError(
            f"{one_line(project.raw_place)}: holds no text that can be read; put articles there or give --raw"
        )
    for source in sources:
        if source.status == "quarantined":
            _report(source, source.reason or "")
    return sources


def _report(source: Source, reason: str) -> None:
    print(f"wenshu: {one_line(source.path)}: {one_line(reason)}", file=sys.stderr)


_ACTIONS: Mapping[str, Callable[[Project, Namespace], int]] = {
    "check": _check,
    "try": _try,
    "suggest": _suggest,
}
