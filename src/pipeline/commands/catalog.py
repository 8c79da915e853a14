"""`wenshu catalog`: check the catalog, try indicators on the articles, suggest new ones."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping

from pipeline.errors import WenshuError, one_line
from pipeline.language import translated
from pipeline.numbers.lexicon import load_grammar
from pipeline.numbers.numerals import plain
from pipeline.project import Project, project_of
from pipeline.settings import ReadOptions
from pipeline.statistics.catalog import Catalog, load_catalog, load_indicators, sum_rules
from pipeline.statistics.trial import Caught, Trial, Unclaimed, try_out, unclaimed
from pipeline.texts.source import Source, read_sources

_DRAFT = """\
  # {times}×  {quotes}
  - id: new_{number}
    title: {{zh: {subject}, en: TODO}}
    definition: {{zh: TODO, en: TODO}}
    kind: {kind}
    unit: "{code}"
    measures: [{unit}]
    subjects: [{subject}]
"""


def run(args: Namespace) -> int:
    """Run `wenshu catalog` with its parsed arguments; the exit code."""
    project = project_of(args)
    if (args.file is None) == (args.action == "try"):
        wanted = "a file of indicators" if args.action == "try" else "no file"
        raise WenshuError(f"catalog {args.action} takes {wanted}; see wenshu catalog --help")
    return _ACTIONS[args.action](project, args)


def _check(project: Project, args: Namespace) -> int:
    """Say what is wrong with the catalog, or what is in it; 1 where something is wrong."""
    try:
        catalog = load_catalog(project.catalog)
    except WenshuError as error:
        print(translated(one_line(str(error))))
        return 1
    print(
        f"{project.catalog}: {len(catalog.indicators)} indicators, {len(catalog.datasets)} datasets, "
        f"{len(sum_rules(catalog))} sums; nothing wrong"
    )
    for note in _notes(catalog):
        print(f"note: {note}")
    return 0


def _notes(catalog: Catalog) -> Iterator[str]:
    """What is allowed and yet worth a look."""
    members = {member for dataset in catalog.datasets.values() for member in dataset.indicators}
    for indicator in catalog.indicators.values():
        if indicator.id not in members:
            yield f"{indicator.id} is in no dataset; it comes out in observations alone"
    for dataset in catalog.datasets.values():
        if not dataset.indicators:
            yield f"dataset {dataset.id} has no indicators, and its table no rows"


def _try(project: Project, args: Namespace) -> int:
    """Show what a file's indicators catch over raw/, and what they come near to catching."""
    catalog = load_catalog(project.catalog)
    drafts = load_indicators([args.file])
    trial = try_out(catalog, list(drafts.values()), _sources(project), load_grammar(project.catalog))
    for draft in drafts.values():
        caught, missed = trial.caught[draft.id], trial.missed[draft.id]
        print(f"{draft.id}  {draft.title['zh']}: {len(caught)} caught, {len(missed)} near")
        for one in caught[: args.limit]:
            _print(_figure(one), one)
        for one in missed[: args.limit]:
            _print(f"not caught ({one.reason})", one)
    _print_findings(trial)
    return 0


def _print(what: str, one: Caught) -> None:
    print(f"  {one_line(what)}\n      {one_line(one.source.path)}: {one_line(one.quote)}")


def _figure(one: Caught) -> str:
    claim = one.claim
    assert claim is not None, "what is caught has a claim"
    value = plain(claim.value) or f"{plain(claim.low) or ''}..{plain(claim.high) or ''}"
    where = (claim.ref_area or "region?", claim.time_period or "period?", claim.obs_status, claim.qualifier)
    return f"{value} {claim.unit_measure}  {'  '.join(where)}"


def _print_findings(trial: Trial) -> None:
    for finding in trial.findings:
        print(f"{finding.severity}: {one_line(finding.message)}")


def _suggest(project: Project, args: Namespace) -> int:
    """Print the most frequent subjects that no indicator claims, as a file to fill in."""
    found = unclaimed(load_catalog(project.catalog), _sources(project), load_grammar(project.catalog))
    print("# yaml-language-server: $schema=../schema/indicator.schema.json\nindicators:")
    for number, one in enumerate(found[: args.limit], 1):
        print(_draft(number, one), end="")
    return 0


def _draft(number: int, one: Unclaimed) -> str:
    from pipeline.numbers.units import unit_code

    return _DRAFT.format(
        number=number,
        times=one.times,
        quotes="\n  #     ".join(one_line(quote) for quote in one.quotes),
        subject=_quoted(one.subject),
        kind=one.kind,
        code=unit_code(one.kind, one.unit),
        unit=_quoted(one.unit or "个"),
    )


def _quoted(word: str) -> str:
    """A word of a text as a YAML scalar."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{one_line(escaped)}"'


def _sources(project: Project) -> list[Source]:
    if project.raw_url:
        from pipeline.night import one_at_a_time
        from pipeline.texts.mirror import mirror

        with one_at_a_time(project):
            mirror(project.raw_url, project.raw, lambda done, total: None)
    sources = read_sources(project.raw, ReadOptions(ocr=project.ocr, personal=project.personal))
    if not any(source.status == "read" for source in sources):
        raise WenshuError(
            f"{one_line(project.raw_place)}: holds no text that can be read; put articles there or give --raw"
        )
    for source in sources:
        if source.status == "quarantined":
            print(f"wenshu: {one_line(source.path)}: {one_line(source.reason or '')}", file=sys.stderr)
    return sources


_ACTIONS: Mapping[str, Callable[[Project, Namespace], int]] = {
    "check": _check,
    "try": _try,
    "suggest": _suggest,
}
