"""The stages of a night, each a plain function from one immutable value to the next.

    ingest    raw/ -> Intake      what there is to read, and whether any of it is new
    extract   -> Corpus           every numeral of every text, and the equations it stands in
    derive    -> Derived          indicators, datasets: the tables of a release
    validate  -> Judged           what the gate found, and the tables without what it holds back
    publish   -> Outcome          the release, or none
    site      -> Shown            what stands behind a release: the download site, the project's URL

What they hand over is in `results`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.catalog_files import LEXICONS, WEIGHTS, catalog_digest
from pipeline.decisions.active import ActiveDecisions, DecisionLog, active_decisions
from pipeline.decisions.apply_corrections import apply_corrections, observation_id
from pipeline.decisions.apply_waivers import apply_waivers
from pipeline.decisions.loading import load_decisions
from pipeline.decisions.mark_rows import decision_rows, mark_rows
from pipeline.errors import WenshuError, one_line
from pipeline.gate.holding import hold_back
from pipeline.gate.issues import Issue, issue_rows, new_issues
from pipeline.gate.locations import Locator
from pipeline.gate.suites import load_suites
from pipeline.gate.validation import validate as evaluate
from pipeline.night import reading_warnings
from pipeline.night.articles import Articles, bring_in
from pipeline.night.cache import Cache
from pipeline.night.corpus import read
from pipeline.night.executor import read_files
from pipeline.night.inputs import inputs, known_release
from pipeline.night.quarantine import culprits, without
from pipeline.night.reader import Reader
from pipeline.night.results import Corpus, Derived, Intake, Judged, Outcome, Shown
from pipeline.project import Project
from pipeline.releases.files import Files
from pipeline.releases.metadata import ReleaseDraft
from pipeline.releases.publish import PublishOptions
from pipeline.releases.publish import publish as release
from pipeline.releases.remote_publishing import continue_from, send_after_release
from pipeline.releases.stable_ids import LastRelease
from pipeline.releases.store import ReleaseStore
from pipeline.releases.verify import verified_latest
from pipeline.site.build import look_of, rebuild
from pipeline.statistics.catalog import load_catalog
from pipeline.statistics.catalog_entries import Catalog
from pipeline.statistics.claims import Claim, Diagnostic
from pipeline.statistics.observations import dataset_rows, merge
from pipeline.statistics.outliers import outliers
from pipeline.tables import TABLES, Table, rows, with_datasets
from pipeline.tables.links import with_links
from pipeline.texts.mirror import mirror
from pipeline.texts.source import find_sources

if TYPE_CHECKING:
    import pyarrow as pa

Tick = Callable[[int, int], None]
"""Told how many of how many are done."""


def ingest(project: Project, today: date, tick: Tick, cache: Cache | None = None) -> Intake:
    """Find and decode the sources, unless all is as the latest release found it.

    today: the day by which decisions expire. cache: what earlier nights kept; nothing by
    default. Raises `WenshuError` where raw/ is missing or empty.
    """
    continue_from(project.publish_to, project.output)
    verified_latest(project.output)
    left_out = mirror(project.raw_url, project.raw, tick).refused if project.raw_url else ()
    paths = find_sources(project.raw)
    if not paths:
        raise WenshuError(
            f"{one_line(project.raw_place)} holds no text, so there is nothing to release; put article texts "
            "into it, or name another folder with --raw"
        )
    decisions = active_decisions(load_decisions(project.decisions), today)
    made_from = inputs(project) | {"lapsed": " ".join(stale.decision.id for stale in decisions.lapsed)}
    if left_out:
        made_from |= {"left out": " ".join(map(one_line, left_out))}
    cache = cache or Cache(None)
    if not project.full and (known := known_release(project.output, made_from)):
        return Intake(project=project, inputs=made_from, known=known, articles=Articles(cache=cache))
    if project.full:
        cache.clear()
    log: DecisionLog = {}
    articles = bring_in(
        cache, project.raw, paths, made_from["rules"], decisions, log, tick,
        convert=partial(read_files, project.processes, project.limits, project.read_options),
        options=project.read_options, last=LastRelease(project.output),
    )  # fmt: skip
    if articles.changing:  # the next night must not take raw/ for what was read tonight
        made_from |= {"sources": f"changed while they were read: {' '.join(articles.changing)}"}
    return Intake(
        project=project, inputs=made_from, known=None, articles=articles, decisions=decisions, log=log,
        left_out=left_out,
    )  # fmt: skip


def extract(intake: Intake, tick: Tick) -> Corpus:
    """Read every numeral of every text that is new, the equations and the indicators in it."""
    project = intake.project
    code = f"{intake.inputs['rules']} {catalog_digest(project.catalog, LEXICONS, WEIGHTS)}"
    found = read(
        intake.articles, Reader.of(project.catalog, intake.decisions, project.limits), code=code, tick=tick,
        processes=project.processes, dask=project.dask,
    )  # fmt: skip
    return Corpus(intake=intake, read=found, log={**intake.log, **found.log})


def derive(corpus: Corpus, tick: Tick) -> Derived:
    """Make the tables: what was read, the indicators in it, the datasets of these.

    Articles on whose figures that fails are taken out first.
    """
    catalog = load_catalog(corpus.intake.project.catalog)
    declarations = with_datasets(catalog.datasets.values())
    decisions = corpus.intake.decisions

    def figures(claims: Sequence[Claim]) -> _Figures:
        return _figures(claims, catalog, declarations, decisions)

    found = corpus.read
    try:
        observed = figures(found.claims)
    except (OSError, WenshuError):
        raise
    except Exception:
        found = without(found, culprits(found.claims, figures))
        observed = figures(found.claims)
    made = {**found.tables, **{name: table for name, (table, _) in observed.fitted.items()}}
    made["quantities"] = with_links(made["quantities"], made["documents"])
    log = {**corpus.log, **observed.log}
    applied = mark_rows(
        {name: made[name] for name in declarations if name in made}, decisions, log,
        {d.id: d.indicators for d in catalog.datasets.values()},
    )  # fmt: skip
    tick(1, 1)
    left = (*reading_warnings.left_out(corpus.intake), *reading_warnings.unread(made["documents"]))
    misfits = (misfit for _, misfits in observed.fitted.values() for misfit in misfits)
    return Derived(
        corpus=replace(corpus, read=found),
        catalog=catalog,
        declarations=declarations,
        tables=applied.tables,
        doubts=(*left, *found.doubts, *observed.doubts),
        misfits=(*found.misfits, *misfits),
        decisions=applied,
    )


class _Figures(NamedTuple):
    """What comes of claims."""

    fitted: Mapping[str, rows.ConvertedTable]
    doubts: tuple[Diagnostic, ...]
    log: DecisionLog


def _figures(
    claims: Sequence[Claim], catalog: Catalog, declarations: Mapping[str, Table], decisions: ActiveDecisions
) -> _Figures:
    log: DecisionLog = {}
    merged = merge(claims)
    ids = (
        observation_id((o.indicator, o.ref_area, o.time_period, o.document_id)) for o in merged.observations
    )
    observations = tuple(
        apply_corrections("observation", zip(ids, merged.observations, strict=True), decisions, log)
    )
    said: dict[str, Iterable[Sequence[Any]]] = {
        "indicators": rows.indicator_rows(
            catalog.indicators.values(), {d.id: d.indicators for d in catalog.datasets.values()}
        ),
        "observations": rows.observation_rows(observations),
        "areas": rows.area_rows(catalog.areas),
    }
    for dataset in catalog.datasets.values():
        shown = dataset_rows(dataset, observations)
        said[dataset.id] = rows.dataset_table_rows(declarations[dataset.id], shown)
    fitted = {name: rows.table_of_rows(declarations[name], cells) for name, cells in said.items()}
    return _Figures(fitted, (*merged.diagnostics, *outliers(observations)), log)


def validate(made: Derived, before: Sequence[Issue], today: date, tick: Tick) -> Judged:
    """Put the tables through the gate, and hold back what its warnings name.

    before: the issues of the last run that looked for them. today: the day of new ones.
    """
    intake = made.corpus.intake
    project, datasets = intake.project, made.catalog.datasets.values()
    suites = load_suites(project.expectations, made.catalog)
    releases = ReleaseStore(project.output)
    latest = releases.latest()
    verdict = evaluate(
        made.tables, suites, intake.articles.texts.several, releases.folder(latest) if latest else None
    )
    every = (*verdict.findings, *reading_warnings.misfits(made.misfits))
    locator = Locator(verdict.tables, made.declarations, tuple(datasets))
    tonight = new_issues(every, made.doubts, locator, today)
    waived = apply_waivers(made.decisions, every, made.doubts, tonight, before, locator, today)
    kept, held = hold_back(
        made.tables,
        made.declarations,
        (*waived.findings, *reading_warnings.held_by(waived.doubts, made.tables["observations"])),
        {d.id: d.indicators for d in datasets},
    )
    listed = {
        "issues": rows.table_of_rows(TABLES["issues"], issue_rows(waived.issues)).table,
        "decisions": rows.table_of_rows(TABLES["decisions"], decision_rows(waived.decisions)).table,
    }
    own = evaluate(listed, suites)
    tick(1, 1)
    return Judged(
        derived=made,
        tables=kept | listed,
        expectations=verdict.expectations + own.expectations,
        findings=(*waived.findings, *own.findings),
        issues=waived.issues,
        held=held,
        unclaimed=verdict.uncovered,
        results={**verdict.files, **own.files},
        decisions=waived.decisions,
    )


def publish(
    judged: Judged, run: str, today: date, files: Callable[[ReleaseDraft], Files], tick: Tick
) -> Outcome:
    """Release the tables, unless something critical withholds them or they say nothing new.

    files: makes what a release holds beside its tables, such as validation/report.html.
    """
    made = judged.derived
    project, made_from = made.corpus.intake.project, made.corpus.intake.inputs
    if judged.withheld:
        latest = ReleaseStore(project.output).latest()
        return Outcome(outcome="withheld", version=latest, rows={}, changes=0)
    options = PublishOptions(
        date=today, run=run, rules=made_from["rules"], catalog=made_from["catalog"],
        decisions=made_from["decisions"], declarations=made.declarations, licence=project.licence,
        publisher=project.publisher, publication=project.publication, files=files,
        signing_key=project.signing_key,
        allow_schema_change=project.allow_schema_change, held=_held(judged),
        kept_ids=made.corpus.read.kept_ids, dropped=made.corpus.read.dropped,
        verified=True,  # by `ingest`
    )  # fmt: skip
    done = release(judged.tables, options, project.output)
    tick(1, 1)
    return Outcome(
        outcome="released" if done.new else "unchanged", version=done.version,
        rows=done.rows, changes=sum(done.changes.values()),
    )  # fmt: skip


def _held(judged: Judged) -> Mapping[str, pa.Table]:
    """The keys of the rows that are held back, by table."""
    made = judged.derived
    keys = {name: list(made.declarations[name].key) for name in judged.held if name != "documents"}
    return {
        name: made.tables[name].select(key).join(judged.tables[name].select(key), key, join_type="left anti")
        for name, key in keys.items()
    }


def site(made: Derived, tick: Tick) -> Shown:
    """Show what was released: build the site, then send release and site to the project's URL.

    The release stands whatever becomes of them; what went wrong is a note of the run.
    """
    project = made.corpus.intake.project
    if project.dry:
        return Shown()
    unbuilt, counts = rebuild(project.output, made.catalog, look_of(project))
    beside = (unbuilt, send_after_release(project.publish_to, project.output))
    tick(1, 1)
    return Shown(counts=counts, note="; ".join(filter(None, beside)))
