"""The five stages of a night, each a plain function from one immutable value to the next.

    ingest    raw/ -> Intake      what there is to read, and whether any of it is new
    extract   -> Corpus           every numeral of every text, and the equations it stands in
    derive    -> Derived          indicators, datasets: the tables of a release
    validate  -> Judged           what the gate found, and the tables without what it holds back
    publish   -> Outcome          the release, or none

What they hand over is in `handovers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline import gate, rows
from pipeline.catalog import Catalog, load_catalog
from pipeline.decisions import (
    Docket,
    Log,
    amend_mentions,
    amend_observations,
    amend_sources,
    load_decisions,
    open_docket,
)
from pipeline.draft import Draft
from pipeline.errors import WenshuError, one_line
from pipeline.extract import Reading
from pipeline.extract import extract as read
from pipeline.gate_suites import current, derived, load_expectations, residuals
from pipeline.handovers import Corpus, Derived, Intake, Judged, Outcome, Page
from pipeline.indicators import About, Matcher
from pipeline.indicators import Finding as Doubt
from pipeline.inputs import inputs, known_release
from pipeline.issue_places import Places
from pipeline.issues import Issue, issue_rows, issues, of_decisions, told_apart
from pipeline.observations import dataset_rows, merge
from pipeline.project import Project
from pipeline.relations import relate
from pipeline.release import Context, Files
from pipeline.release import publish as release
from pipeline.settle import decision_rows, settle
from pipeline.shelf import Shelf
from pipeline.source import Source, find_sources, mark_duplicates, read_source
from pipeline.tables import TABLES, Words, with_datasets
from pipeline.waivers import accepted, waive
from pipeline.where import Locator

Tick = Callable[[int, int], None]
"""Told how many of how many are done."""


def ingest(project: Project, today: date, tick: Tick) -> Intake:
    """Find and decode the sources, unless all is as the latest release found it.

    today: the day by which decisions expire. Raises `WenshuError` where raw/ is missing or empty.
    """
    paths = find_sources(project.raw)
    if not paths:
        raise WenshuError(
            f"{one_line(str(project.raw))} holds no text, so there is nothing to release; put article texts "
            "into it, or name another folder with --raw"
        )
    docket = open_docket(load_decisions(project.decisions), today)
    made_from = inputs(project) | {"lapsed": " ".join(stale.decision.id for stale in docket.lapsed)}
    if known := known_release(project.output, made_from):
        return Intake(project=project, inputs=made_from, known=known)
    log: Log = {}
    found = mark_duplicates(amend_sources((read_source(path, project.raw) for path in paths), docket, log))
    return Intake(
        project=project, inputs=made_from, known=None, sources=tuple(_ticking(found, len(paths), tick)),
        docket=docket, log=log,
    )  # fmt: skip


def extract(intake: Intake, tick: Tick) -> Corpus:
    """Read every numeral of every text, and the equations that the text makes of them."""
    readable = [source for source in intake.sources if source.status == "read"]
    log = dict(intake.log)
    pages = (_page(source, intake.docket, log) for source in readable)
    return Corpus(intake=intake, pages=tuple(_ticking(pages, len(readable), tick)), log=log)


def derive(corpus: Corpus, tick: Tick) -> Derived:
    """Make the tables: what was read, the indicators in it, the datasets of these."""
    catalog = load_catalog(corpus.intake.project.catalog)
    declarations = with_datasets(catalog.datasets.values())
    matcher = Matcher(catalog)
    found = [
        matcher.read(page.reading.flow, page.reading.mentions, page.keys, _about(page.source))
        for page in _ticking(corpus.pages, len(corpus.pages), tick)
    ]
    merged = merge(claim for one in found for claim in one.claims)
    docket, log = corpus.intake.docket, dict(corpus.log)
    observations = tuple(amend_observations(merged.observations, docket, log))
    statuses = {claim.key: claim.obs_status for one in found for claim in one.claims}
    said: dict[str, Iterable[Sequence[Any]]] = {
        "documents": _documents(corpus, catalog),
        "quantities": _each(
            corpus, lambda p: rows.quantity_rows(p.source.document_id, p.reading, p.keys, statuses)
        ),
        "numerals": _each(corpus, lambda p: rows.numeral_rows(p.source.document_id, p.reading, p.keys)),
        "relations": _each(corpus, lambda p: rows.relation_rows(p.source.document_id, p.relations, p.keys)),
        "indicators": rows.indicator_rows(
            catalog.indicators.values(), {d.id: d.indicators for d in catalog.datasets.values()}
        ),
        "observations": rows.observation_rows(observations),
    }
    for dataset in catalog.datasets.values():
        shown = dataset_rows(dataset, observations)
        said[dataset.id] = rows.dataset_rows_of(declarations[dataset.id], shown)
    fitted = {name: rows.to_table(declarations[name], cells) for name, cells in said.items()}
    settled = settle({name: table for name, (table, _) in fitted.items()}, docket, log)
    return Derived(
        corpus=corpus,
        catalog=catalog,
        declarations=declarations,
        tables=settled.tables,
        doubts=(*_unread(corpus.intake), *(d for one in found for d in one.findings), *merged.findings),
        misfits=tuple(misfit for _, misfits in fitted.values() for misfit in misfits),
        settled=settled,
    )  # fmt: skip


def validate(made: Derived, before: Sequence[Issue], today: date, tick: Tick) -> Judged:
    """Put the tables through the gate, and hold back what its warnings name.

    before: the issues of the last run that looked for them. today: the day of new ones.
    """
    project, datasets = made.corpus.intake.project, made.catalog.datasets.values()
    written, sums = load_expectations(project.expectations), residuals(datasets)
    suites = {
        name: current(derived(table, sums.get(name)), written.get(name, []))
        for name, table in made.declarations.items()
    }
    texts = {
        source.document_id: source.text for source in made.corpus.intake.sources if source.status == "read"
    }
    verdict = gate.validate(made.tables, suites, texts)
    every = (*verdict.findings, *map(_misfit, made.misfits))
    tonight = issues(every, made.doubts, made.tables, made.declarations, tuple(datasets), today)
    observed = {finding.name: finding.observed for finding in every}
    settled = made.settled.heard(observed)
    known = accepted(told_apart([*tonight, *of_decisions(settled.stale, today)], before), settled, observed)
    doubted = tuple(waive(every, Places(made.tables, made.declarations, tuple(datasets)), settled))
    kept, held = gate.hold_back(
        made.tables, made.declarations, (*doubted, *_held_by(made)), {d.id: d.indicators for d in datasets}
    )
    listed = {
        "issues": rows.to_table(TABLES["issues"], issue_rows(known)).table,
        "decisions": rows.to_table(TABLES["decisions"], decision_rows(settled)).table,
    }
    own = gate.validate(listed, suites, {})
    tick(1, 1)
    return Judged(
        derived=made,
        tables=kept | listed,
        expectations=verdict.expectations + own.expectations,
        findings=(*doubted, *own.findings),
        issues=tuple(known),
        held=held,
        settled=settled,
    )


def publish(judged: Judged, run: str, today: date, files: Callable[[Draft], Files], tick: Tick) -> Outcome:
    """Release the tables, unless something critical withholds them or they say nothing new.

    files: makes what a release holds beside its tables, such as validation/report.html.
    """
    made = judged.derived
    project, made_from = made.corpus.intake.project, made.corpus.intake.inputs
    if judged.withheld:
        latest = Shelf(project.output).latest()
        return Outcome(outcome="withheld", version=latest, folder=None, rows={}, changes=0)
    context = Context(
        date=today, run=run, rules=made_from["rules"], catalog=made_from["catalog"],
        decisions=made_from["decisions"], declarations=made.declarations, licence=project.licence,
        publisher=project.publisher, files=files,
    )  # fmt: skip
    done = release(judged.tables, context, project.output)
    tick(1, 1)
    return Outcome(
        outcome="released" if done.new else "unchanged", version=done.version, folder=done.folder,
        rows=done.rows, changes=sum(done.changes.values()),
    )  # fmt: skip


def _page(source: Source, docket: Docket, log: Log) -> Page:
    reading = read(source.text)
    keys = rows.quantity_ids(source.document_id, reading)
    reading = replace(reading, mentions=amend_mentions(reading.mentions, keys, docket, log))
    return Page(source=source, reading=reading, keys=keys, relations=relate(reading))


def _about(source: Source) -> About:
    return About(
        document_id=source.document_id, issued=source.issued, region=source.region,
        publisher=source.publisher, title=source.title,
    )  # fmt: skip


def _documents(corpus: Corpus, catalog: Catalog) -> Iterator[Sequence[Any]]:
    read_as = {page.source.document_id: page.reading for page in corpus.pages}
    for source in corpus.intake.sources:
        reading = read_as.get(source.document_id)
        yield rows.document_row(source, reading, _area(source, reading, catalog) if reading else None)


def _area(source: Source, reading: Reading, catalog: Catalog) -> str | None:
    """The region that a document is about."""
    locator = Locator(
        catalog.areas, reading.flow, region=source.region, publisher=source.publisher, title=source.title
    )
    return locator.area


def _each(corpus: Corpus, of: Callable[[Page], Iterable[Sequence[Any]]]) -> Iterator[Sequence[Any]]:
    return (row for page in corpus.pages for row in of(page))


def _unread(intake: Intake) -> Iterator[Doubt]:
    """What the officer should know of sources that were not read."""
    severities = {"quarantined": "warning", "duplicate": "info"}
    for source in intake.sources:
        if severity := severities.get(source.status):
            said = f"{source.status}: {source.reason}"
            yield Doubt(f"source_{source.status}", severity, source.document_id, said)


def _misfit(misfit: rows.Misfit) -> gate.Finding:
    """A value that the released decimals cannot hold holds its row back: nothing is rounded in silence."""
    said = Words("数值超出可发布的精度", "A value is beyond the precision of what is released")
    return gate.Finding(
        table=misfit.table, check=f"precision-{misfit.column}", type="precision", severity="warning",
        description=said, observed=f"{misfit.value}"[:100], rows=(misfit.row,), columns=(misfit.column,),
    )  # fmt: skip


def _held_by(made: Derived) -> Iterator[gate.Finding]:
    """Doubts that are warnings hold back the observations that were made of the mentions they name."""
    doubted = {key for doubt in made.doubts if doubt.severity == "warning" for key in doubt.keys}
    cells = made.tables["observations"]["quantity_ids"].to_pylist()
    named = tuple(n for n, cell in enumerate(cells) if not doubted.isdisjoint((cell or "").split()))
    if named:
        yield gate.Finding(
            table="observations", check="doubt", type="doubt", severity="warning", description=Words("", ""),
            observed="", rows=named, columns=("quantity_ids",),
        )  # fmt: skip


def _ticking(items: Iterable[Any], total: int, tick: Tick) -> Iterator[Any]:
    """The items, each reported as it is taken."""
    for number, item in enumerate(items, 1):
        tick(number, total)
        yield item
