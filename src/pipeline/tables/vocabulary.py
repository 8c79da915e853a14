"""Code lists: what each code of a release is called in both languages, from codes.tsv.

Codes are SDMX's where it has some (obs_status is CL_OBS_STATUS 2.2). The list `check` is by a
finding's own name; of an expectation, by that part of its name which every table shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files

from pipeline.tables.model import Words
from pipeline.tsv import read_entries


def _read() -> Mapping[str, Mapping[str, Words]]:
    lists: dict[str, dict[str, Words]] = defaultdict(dict)
    for entry in read_entries(files(__package__) / "codes.tsv"):
        lists[entry["list"]][entry["code"]] = Words(entry["zh"], entry["en"])
    return dict(lists)


CODES = _read()
"""By list and code."""


def kind_of(check: str) -> str:
    """What a check asks, without the table and the column: vocabulary of quantities.vocabulary-kind."""
    return check.partition(".")[2].partition("-")[0] or check


def word(codes: str, code: str) -> Words:
    """A code's name in both languages; one that is not in its list stands for itself."""
    known = kind_of(code) if codes == "check" else code
    return CODES[codes].get(known) or Words(code, code)
