"""The stages of a night, each a plain function from one immutable value to the next.

    ingest    raw/ -> Intake      what there is to read, and whether any of it is new
    extract   -> Corpus           every numeral of every text, and the equations it stands in
    derive    -> Derived          indicators, datasets: the tables of a release
    validate  -> Judged           what the gate found, and the tables without what it holds back
    publish   -> Outcome          the release, or none
    site      -> Shown            what stands behind a release: the download site, the project's URL

What they hand over is in `handovers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import gate
from pipeline.catalog_files import LEXICONS, catalog_digest
from pipeline.decisions import (
    Log,
    amend_observations,
    load_decisions,
    open_docket,
)
from pipeline.decisions.settle import Settled, decision_rows, settle
from pipeline.decisions.waivers import accepted, stale_issues, waive
from pipeline.errors import WenshuError, one_line
from pipeline.gate.issues import Issue, issue_rows, issues, told_apart
from pipeline.gate.locating import Locator
from pipeline.gate.suites import load_suites
from pipeline.night.batch import Reader
from pipeline.night.crew import warm
from pipeline.night.handovers import Corpus, Derived, Intake, Judged, Outcome, Shown
from pipeline.night.inputs import inputs, known_release
from pipeline.night.library import Library, bring_in
from pipeline.night.reading import read
from pipeline.night.source_doubts import unread
from pipeline.night.store import Store
from pipeline.project import Project
from pipeline.releases.draft import Draft
from pipeline.releases.publish import Context, Files
from pipeline.releases.publish import publish as release
from pipeline.releases.remote_publishing import continue_from, send_after_release
from pipeline.releases.store import ReleaseStore
from pipeline.releases.verify import sound_latest
from pipeline.site import rebuild
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.indicators import Finding as Doubt
from pipeline.statistics.observations import dataset_rows, merge
from pipeline.tables import TABLES, Words, rows, with_datasets
from pipeline.tables.edits import naming
from pipeline.tables.links import with_links
from pipeline.texts.mirror import mirror
from pipeline.texts.source import find_sources

if TYPE_CHECKING:
    pass

_MISFITS = (
    ("info", Words("数值按可发布的末位取近似值", "The value is rounded to the last place that is released")),
    ("warning", Words("数值超出可发布的范围", "The value is larger than what can be released")),
)
"""By whether nothing is left of the value."""

Tick = Callable[[int, int], None]
"""Told how many of how many are done."""


def ingest(project: Project, today: date, tick: Tick, store: Store | None = None) -> Intake:
    """Find and decode the sources, unless all is as the latest release found it.

    today: the day by which decisions expire. store: what earlier nights kept; nothing by
    default. Raises `WenshuError` where raw/ is missing or empty.
    """
    continue_from(project.publish_to, project.output)
    sound_latest(project.output)
    left_out = mirror(project.raw_url, project.raw, tick).refused if project.raw_url else ()
    paths = find_sources(project.raw)
    if not paths:
        raise WenshuError(
            f"{one_line(project.raw_place)} holds no text, so there is nothing to release; put article texts "
            "into it, or name another folder with --raw"
        )
    docket = open_docket(load_decisions(project.decisions), today)
    made_from = inputs(project) | {"lapsed": " ".join(stale.decision.id for stale in docket.lapsed)}
    if left_out:
        made_from |= {"left out": " ".join(map(one_line, left_out))}
    store = store or Store(Path(":memory:"))
    if not project.full and (known := known_release(project.output, made_from)):
        return Intake(project=project, inputs=made_from, known=known, library=Library(store=store))
    if project.full:
        store.clear()
    log: Log = {}
    alone = project.dask or project.processes == 1
    many = (lambda: None) if alone else warm
    library = bring_in(store, project.raw, paths, made_from["rules"], docket, log, tick, many)
    if library.changing:  # the next night must not take raw/ for what was read tonight
        made_from |= {"sources": f"changed while they were read: {' '.join(library.changing)}"}
    return Intake(
        project=project, inputs=made_from, known=None, library=library, docket=docket, log=log,
        left_out=left_out,
    )  # fmt: skip


def extract(intake: Intake, tick: Tick) -> Corpus:
    """Read every numeral of every text that is new, the equations and the indicators in it."""
    project = intake.project
    code = f"{intake.inputs['rules']} {catalog_digest(project.catalog, LEXICONS)}"
    found = read(
        intake.library, Reader.of(project.catalog, intake.docket), code=code, tick=tick,
        processes=project.processes, dask=project.dask,
    )  # fmt: skip
    return Corpus(intake=intake, read=found, log={**intake.log, **found.log})


def derive(corpus: Corpus, tick: Tick) -> Derived:
    """Make the tables: what was read, the indicators in it, the datasets of these."""
    catalog = load_catalog(corpus.intake.project.catalog)
    declarations = with_datasets(catalog.datasets.values())
    found = corpus.read
    merged = merge(found.claims)
    docket, log = corpus.intake.docket, dict(corpus.log)
    observations = tuple(amend_observations(merged.observations, docket, log))
    said: dict[str, Iterable[Sequence[Any]]] = {
        "indicators": rows.indicator_rows(
            catalog.indicators.values(), {d.id: d.indicators for d in catalog.datasets.values()}
        ),
        "observations": rows.observation_rows(observations),
    }
    for dataset in catalog.datasets.values():
        shown = dataset_rows(dataset, observations)
        said[dataset.id] = rows.dataset_rows_of(declarations[dataset.id], shown)
    fitted = {name: rows.to_table(declarations[name], cells) for name, cells in said.items()}
    made = {**found.tables, **{name: table for name, (table, _) in fitted.items()}}
    made["quantities"] = with_links(made["quantities"], made["documents"])
    settled = settle({name: made[name] for name in declarations if name in made}, docket, log)
    tick(1, 1)
    return Derived(
        corpus=corpus,
        catalog=catalog,
        declarations=declarations,
        tables=settled.tables,
        doubts=(*_left_out(corpus.intake), *unread(made["documents"]), *found.doubts, *merged.findings),
        misfits=(*found.misfits, *(misfit for _, misfits in fitted.values() for misfit in misfits)),
        settled=settled,
    )


def validate(made: Derived, before: Sequence[Issue], today: date, tick: Tick) -> Judged:
    """Put the tables through the gate, and hold back what its warnings name.

    before: the issues of the last run that looked for them. today: the day of new ones.
    """
    intake = made.corpus.intake
    project, datasets = intake.project, made.catalog.datasets.values()
    suites = load_suites(project.expectations, made.catalog)
    releases = ReleaseStore(project.output)
    latest = releases.latest()
    verdict = gate.validate(
        made.tables, suites, intake.library.texts.several, releases.folder(latest) if latest else None
    )
    every = (*verdict.findings, *_misfits(made.misfits))
    tonight = issues(every, made.doubts, verdict.tables, made.declarations, tuple(datasets), today)
    observed = {finding.name: finding.observed for finding in every}
    settled = made.settled.heard(observed)
    known = accepted(told_apart([*tonight, *stale_issues(settled.stale, today)], before), settled, observed)
    doubted = tuple(waive(every, Locator(verdict.tables, made.declarations, tuple(datasets)), settled))
    kept, held = gate.hold_back(
        made.tables,
        made.declarations,
        (*doubted, *_held_by(made, settled)),
        {d.id: d.indicators for d in datasets},
    )
    listed = {
        "issues": rows.to_table(TABLES["issues"], issue_rows(known)).table,
        "decisions": rows.to_table(TABLES["decisions"], decision_rows(settled)).table,
    }
    own = gate.validate(listed, suites)
    tick(1, 1)
    return Judged(
        derived=made,
        tables=kept | listed,
        expectations=verdict.expectations + own.expectations,
        findings=(*doubted, *own.findings),
        issues=tuple(known),
        held=held,
        unclaimed=verdict.uncovered,
        results={**verdict.files, **own.files},
        settled=settled,
    )


def publish(judged: Judged, run: str, today: date, files: Callable[[Draft], Files], tick: Tick) -> Outcome:
    """Release the tables, unless something critical withholds them or they say nothing new.

    files: makes what a release holds beside its tables, such as validation/report.html.
    """
    made = judged.derived
    project, made_from = made.corpus.intake.project, made.corpus.intake.inputs
    if judged.withheld:
        latest = ReleaseStore(project.output).latest()
        return Outcome(outcome="withheld", version=latest, folder=None, rows={}, changes=0)
    context = Context(
        date=today, run=run, rules=made_from["rules"], catalog=made_from["catalog"],
        decisions=made_from["decisions"], declarations=made.declarations, licence=project.licence,
        publisher=project.publisher, signing_key=project.signing_key, files=files,
        allow_schema_change=project.allow_schema_change,
    )  # fmt: skip
    done = release(judged.tables, context, project.output)
    tick(1, 1)
    return Outcome(
        outcome="released" if done.new else "unchanged", version=done.version, folder=done.folder,
        rows=done.rows, changes=sum(done.changes.values()),
    )  # fmt: skip


def site(made: Derived, tick: Tick) -> Shown:
    """Show what was released: build the site, then send release and site to the project's URL.

    The release stands whatever becomes of them; what went wrong is a note of the run.
    """
    project = made.corpus.intake.project
    unbuilt, counts = rebuild(project.output, made.catalog)
    beside = (unbuilt, send_after_release(project.publish_to, project.output))
    tick(1, 1)
    return Shown(counts=counts, note="; ".join(filter(None, beside)))


def _left_out(intake: Intake) -> Iterator[Doubt]:
    """What the officer should know of files behind a URL that could not be brought."""
    for path in intake.left_out:
        said = (
            "未取来：它不是普通文件，或其名本机存不下，请换个名字 / left out, as no plain file or for a name "
            f"that this machine cannot hold; rename it: {intake.project.raw_place}: {one_line(path)}"
        )
        yield Doubt("source_left_out", "warning", "", said)


def _misfits(misfits: Sequence[rows.Misfit]) -> Iterator[gate.Finding]:
    """A finding for each value; of a value that is rounded with its bounds, one is enough."""
    noted: set[tuple[str, int]] = set()
    for misfit in misfits:
        row = (misfit.table, misfit.row)
        if misfit.kept is None or row not in noted:
            yield _misfit(misfit)
        if misfit.kept is not None:
            noted.add(row)


def _misfit(misfit: rows.Misfit) -> gate.Finding:
    """A value that the released decimals cannot hold: rounded it is noted, too large it holds its row."""
    severity, said = _MISFITS[misfit.kept is None]
    return gate.Finding(
        table=misfit.table, check=f"precision-{misfit.column}", type="precision", severity=severity,
        description=said, observed=f"{misfit.value}"[:100], rows=(misfit.row,), columns=(misfit.column,),
    )  # fmt: skip


def _held_by(made: Derived, settled: Settled) -> Iterator[gate.Finding]:
    """Doubts that are warnings hold back the observations that were made of the mentions they name."""
    warnings = (doubt for doubt in made.doubts if doubt.severity == "warning")
    open_ = (d for d in warnings if not settled.waives(d.check, "", d.keys, d.document_id))
    doubted = {key for doubt in open_ for key in doubt.keys}
    named = tuple(naming(made.tables["observations"]["quantity_ids"], doubted))
    if named:
        yield gate.Finding(
            table="observations", check="doubt", type="doubt", severity="warning", description=Words("", ""),
            observed="", rows=named, columns=("quantity_ids",),
        )  # fmt: skip
