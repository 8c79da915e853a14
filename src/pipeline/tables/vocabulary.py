"""Code lists: the names of codes in both languages, from codes.tsv.

Codes are those of SDMX where it defines them (obs_status is CL_OBS_STATUS 2.2). The keys of the list `check`
are findings' names; for an expectation, the part of its name that is the same for every table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files

from pipeline.tables.model import Bilingual
from pipeline.tsv import read_entries

SEVERITIES = ("critical", "warning", "info")
"""Severities of expectations and issues, the gravest first."""
OPEN_STATES = ("new", "persisting")
"""States of the issues that nobody has accepted and that are still there."""


def _read() -> Mapping[str, Mapping[str, Bilingual]]:
    lists: dict[str, dict[str, Bilingual]] = defaultdict(dict)
    for entry in read_entries(files(__package__) / "codes.tsv"):
        lists[entry["list"]][entry["code"]] = Bilingual(entry["zh"], entry["en"])
    return dict(lists)


CODES = _read()
"""Names by list and code."""


def check_kind(check: str) -> str:
    """The kind of a check without table and column: vocabulary of quantities.vocabulary-kind."""
    return check.partition(".")[2].partition("-")[0] or check


def code_name(codes: str, code: str) -> Bilingual:
    """The name of a code; a code that is not in its list is its own name."""
    key = check_kind(code) if codes == "check" else code
    return CODES[codes].get(key) or Bilingual(code, code)
