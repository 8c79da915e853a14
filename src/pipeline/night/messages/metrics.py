"""The last run as an OpenMetrics text, for the textfile collector of a node exporter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pipeline.night.run import Run

FILE = "wenshu.prom"
"""Below output/, replaced by every run in one step."""

_OUTCOMES = ("released", "unchanged", "withheld", "failed")
"""A killed run writes nothing; the next one counts it."""

Sample = tuple[Mapping[str, str], float]


def metrics(run: Run) -> str:
    """The text. It has no time: that of the file says when the run ended."""
    return "".join(f"{line}\n" for line in (*_lines(run), "# EOF"))


def _lines(run: Run) -> Iterator[str]:
    outcomes = (({"outcome": name}, float(name == run.outcome)) for name in _OUTCOMES)
    yield from _gauge("run_outcome", "What the last run came to: 1 for that, 0 for all else.", outcomes)
    yield from _gauge("runs_killed", "Runs before the last one that did not come to their end.",
                      [({}, float(len(run.killed)))])  # fmt: skip
    stages = [({"stage": stage.name}, stage.seconds) for stage in run.stages]
    yield from _gauge("stage_duration_seconds", "Duration of each stage of the last run.", stages)
    counts = [
        ({"stage": stage.name, "of": name}, float(number))
        for stage in run.stages
        for name, number in stage.counts.items()
    ]
    yield from _gauge("stage_count", "What each stage of the last run counted.", counts)
    released = [({"table": name}, float(number)) for name, number in run.rows.items()]
    yield from _gauge("released_rows", "Rows of the release that the last run made.", released)
    held = [({"table": name}, float(number)) for name, number in run.held.items()]
    yield from _gauge("held_rows", "Rows that the last run held back.", held)
    counter = Counter((issue.severity, issue.state) for issue in run.issues)
    issues = [({"severity": s, "state": t}, float(n)) for (s, t), n in sorted(counter.items())]
    yield from _gauge("issues", "Issues for the data officer.", issues)


def _gauge(name: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# TYPE wenshu_{name} gauge"
    yield f"# HELP wenshu_{name} {help_text}"
    for labels, value in samples:
        label_text = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"wenshu_{name}{{{label_text}}} {value:g}" if label_text else f"wenshu_{name} {value:g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
