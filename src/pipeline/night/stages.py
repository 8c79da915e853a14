"""The stages of a run, each a function from one immutable value to the next (`stage_results`).

ingest     raw/ -> IngestResult   the articles, and whether anything is new
extract    -> ExtractResult       every numeral of every text, and the equations that it is in
derive     -> DeriveResult        indicators and datasets: the tables of a release
validate   -> ValidateResult      what the gate found, and the tables without the rows it holds back
publish    -> PublishResult       the release, or none
site       -> SiteResult          the download site, and what is sent to the project's URL
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
from pipeline.gate.validation import validate as validate_tables
from pipeline.night import reading_warnings
from pipeline.night.cache.articles import CachedArticles, update_cache
from pipeline.night.cache.database import Cache
from pipeline.night.executors.dispatch import read_files
from pipeline.night.inputs import inputs, source_digests, unchanged_version
from pipeline.night.quarantine import failing_articles, quarantine
from pipeline.night.read_corpus import read_corpus
from pipeline.night.reader import Reader
from pipeline.night.run import Tick
from pipeline.night.stage_results import (
    DeriveResult,
    ExtractResult,
    IngestResult,
    PublishResult,
    SiteResult,
    ValidateResult,
)
from pipeline.project import Project
from pipeline.releases.files import Files
from pipeline.releases.metadata import ReleaseDraft
from pipeline.releases.publish import PublishOptions
from pipeline.releases.publish import publish as publish_release
from pipeline.releases.remote_publishing import continue_from, send_after_release
from pipeline.releases.stable_ids import LastRelease
from pipeline.releases.store import ReleaseStore
from pipeline.releases.verify import verified_latest
from pipeline.site.build import look_of, rebuild
from pipeline.statistics.catalog.entries import Catalog
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.statistics.claims import Claim, Diagnostic
from pipeline.statistics.observations import dataset_rows, merge
from pipeline.statistics.outliers import outliers
from pipeline.tables import TABLES, Table, rows, with_datasets
from pipeline.tables.links import with_links
from pipeline.texts.mirror import mirror
from pipeline.texts.source import find_sources

if TYPE_CHECKING:
    import pyarrow as pa


def ingest(project: Project, today: date, tick: Tick, cache: Cache | None = None) -> IngestResult:
    """Find and decode the sources, unless all inputs are those of the latest release.

    today: the day by which decisions expire. cache: of earlier runs; a temporary one by
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
    digests = source_digests(project.raw)
    lapsed = " ".join(stale.decision.id for stale in decisions.lapsed)
    made_from = inputs(project, digests) | {"lapsed": lapsed}
    if left_out:
        made_from |= {"left out": " ".join(map(one_line, left_out))}
    cache = cache or Cache(None)
    if not project.full and (version := unchanged_version(project.output, made_from)):
        return IngestResult(
            project=project, inputs=made_from, unchanged_version=version, articles=CachedArticles(cache=cache)
        )
    if project.full:
        cache.clear()
    log: DecisionLog = {}
    articles = update_cache(
        cache, project.raw, paths, made_from["rules"], decisions, log, tick,
        convert=partial(read_files, project.processes, project.limits, project.read_options),
        options=project.read_options, last_release=LastRelease(project.output), digests=digests,
    )  # fmt: skip
    if articles.changing:  # so that the next run does not take raw/ for what was read
        made_from |= {"sources": f"changed while they were read: {' '.join(articles.changing)}"}
    return IngestResult(
        project=project, inputs=made_from, unchanged_version=None, articles=articles,
        decisions=decisions, log=log, left_out=left_out,
    )  # fmt: skip


def extract(ingested: IngestResult, tick: Tick) -> ExtractResult:
    """Read every numeral of every text that is new, the equations and the indicators in it."""
    project = ingested.project
    reading = read_corpus(
        ingested.articles, Reader.of(project.catalog, ingested.decisions, project.limits),
        code=f"{ingested.inputs['rules']} {catalog_digest(project.catalog, LEXICONS, WEIGHTS)}",
        tick=tick, processes=project.processes, dask=project.dask,
    )  # fmt: skip
    return ExtractResult(ingested=ingested, reading=reading, log={**ingested.log, **reading.log})


def derive(extracted: ExtractResult, tick: Tick) -> DeriveResult:
    """Make the tables: what was read, the indicators in it, and the datasets of these.

    Articles on whose claims that fails are quarantined first.
    """
    catalog = load_catalog(extracted.ingested.project.catalog)
    declarations = with_datasets(catalog.datasets.values())
    decisions = extracted.ingested.decisions
    observe = partial(_observe, catalog=catalog, declarations=declarations, decisions=decisions)
    reading = extracted.reading
    try:
        observed = observe(reading.claims)
    except (OSError, WenshuError):
        raise
    except Exception:
        reading = quarantine(reading, failing_articles(reading.claims, observe))
        observed = observe(reading.claims)
    tables = {**reading.tables, **{name: table for name, (table, _) in observed.fitted.items()}}
    tables["quantities"] = with_links(tables["quantities"], tables["documents"])
    applied = mark_rows(
        {name: tables[name] for name in declarations if name in tables}, decisions,
        {**extracted.log, **observed.log}, {d.id: d.indicators for d in catalog.datasets.values()},
    )  # fmt: skip
    tick(1, 1)
    source_doubts = (
        *reading_warnings.left_out(extracted.ingested),
        *reading_warnings.unread(tables["documents"]),
    )
    misfits = (misfit for _, misfits in observed.fitted.values() for misfit in misfits)
    return DeriveResult(
        extracted=replace(extracted, reading=reading),
        catalog=catalog,
        declarations=declarations,
        tables=applied.tables,
        doubts=(*source_doubts, *reading.doubts, *observed.doubts),
        misfits=(*reading.misfits, *misfits),
        decisions=applied,
    )


class _Observed(NamedTuple):
    """The tables that follow from claims."""

    fitted: Mapping[str, rows.ConvertedTable]
    doubts: tuple[Diagnostic, ...]
    log: DecisionLog


def _observe(
    claims: Sequence[Claim], catalog: Catalog, declarations: Mapping[str, Table], decisions: ActiveDecisions
) -> _Observed:
    log: DecisionLog = {}
    merged = merge(claims)
    ids = (
        observation_id((o.indicator, o.ref_area, o.time_period, o.document_id)) for o in merged.observations
    )
    named = zip(ids, merged.observations, strict=True)
    observations = tuple(apply_corrections("observation", named, decisions, log))
    table_rows: dict[str, Iterable[Sequence[Any]]] = {
        "indicators": rows.indicator_rows(
            catalog.indicators.values(), {d.id: d.indicators for d in catalog.datasets.values()}
        ),
        "observations": rows.observation_rows(observations),
        "areas": rows.area_rows(catalog.areas),
    }
    for dataset in catalog.datasets.values():
        of_dataset = dataset_rows(dataset, observations)
        table_rows[dataset.id] = rows.dataset_table_rows(declarations[dataset.id], of_dataset)
    fitted = {name: rows.table_of_rows(declarations[name], cells) for name, cells in table_rows.items()}
    return _Observed(fitted, (*merged.diagnostics, *outliers(observations)), log)


def validate(
    derived: DeriveResult, previous_issues: Sequence[Issue], today: date, tick: Tick
) -> ValidateResult:
    """Validate the tables, and hold back the rows that warnings name.

    previous_issues: of the last run that looked for them. today: the day of new ones.
    """
    ingested, datasets = derived.extracted.ingested, tuple(derived.catalog.datasets.values())
    suites = load_suites(ingested.project.expectations, derived.catalog)
    last_release = ReleaseStore(ingested.project.output).latest_folder()
    validation = validate_tables(derived.tables, suites, ingested.articles.texts, last_release)
    findings = (*validation.findings, *reading_warnings.misfits(derived.misfits))
    locator = Locator(validation.tables, derived.declarations, datasets)
    found = new_issues(findings, derived.doubts, locator, today)
    waived = apply_waivers(
        derived.decisions, findings, derived.doubts, found, previous_issues, locator, today
    )
    kept, held = hold_back(
        derived.tables,
        derived.declarations,
        (*waived.findings, *reading_warnings.held_by(waived.doubts, derived.tables["observations"])),
        {d.id: d.indicators for d in datasets},
    )
    listed = {
        "issues": rows.table_of_rows(TABLES["issues"], issue_rows(waived.issues)).table,
        "decisions": rows.table_of_rows(TABLES["decisions"], decision_rows(waived.decisions)).table,
    }
    of_listed = validate_tables(listed, suites)
    tick(1, 1)
    return ValidateResult(
        derived=derived,
        tables=kept | listed,
        expectations=validation.expectations + of_listed.expectations,
        findings=(*waived.findings, *of_listed.findings),
        issues=waived.issues,
        held=held,
        uncovered=validation.uncovered,
        files={**validation.files, **of_listed.files},
        decisions=waived.decisions,
    )


def publish(
    validated: ValidateResult, run: str, today: date, files: Callable[[ReleaseDraft], Files], tick: Tick
) -> PublishResult:
    """Release the tables, unless something critical withholds them or they are the latest release's.

    files: makes what a release holds beside its tables, such as validation/report.html.
    """
    derived = validated.derived
    project, made_from = derived.extracted.ingested.project, derived.extracted.ingested.inputs
    if validated.withheld:
        return PublishResult(outcome="withheld", version=ReleaseStore(project.output).latest())
    options = PublishOptions(
        date=today, run=run, rules=made_from["rules"], catalog=made_from["catalog"],
        decisions=made_from["decisions"], declarations=derived.declarations, licence=project.licence,
        publisher=project.publisher, publication=project.publication, files=files,
        signing_key=project.signing_key,
        allow_schema_change=project.allow_schema_change, held=_held_keys(validated),
        kept_ids=derived.extracted.reading.kept_ids, dropped=derived.extracted.reading.dropped,
        verified=True,  # by `ingest`
    )  # fmt: skip
    release = publish_release(validated.tables, options, project.output)
    tick(1, 1)
    return PublishResult(
        outcome="released" if release.new else "unchanged", version=release.version,
        rows=release.rows, changes=sum(release.changes.values()),
    )  # fmt: skip


def _held_keys(validated: ValidateResult) -> Mapping[str, pa.Table]:
    """The keys of the rows that are held back, by table."""
    derived = validated.derived
    keys = {name: list(derived.declarations[name].key) for name in validated.held if name != "documents"}
    return {
        name: derived.tables[name]
        .select(key)
        .join(validated.tables[name].select(key), key, join_type="left anti")
        for name, key in keys.items()
    }


def site(derived: DeriveResult, tick: Tick) -> SiteResult:
    """Build the site, then send release and site to the project's URL.

    The release stands even where these fail; what failed is a note of the run.
    """
    project = derived.extracted.ingested.project
    if project.dry:
        return SiteResult()
    build_error, counts = rebuild(project.output, derived.catalog, look_of(project))
    send_error = send_after_release(project.publish_to, project.output)
    tick(1, 1)
    return SiteResult(counts=counts, note="; ".join(filter(None, (build_error, send_error))))
