"""Great Expectations spared what it does over and over, which is half of its own time.

An expectation over a small table costs milliseconds, and hardly any of them go into the
table. Nothing of what is found depends on any of this.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd


class Frame(pd.DataFrame):
    """A frame too large to be fingerprinted: nobody reads it, and it costs as much as all expectations."""

    def memory_usage(self, *_: Any, **__: Any) -> pd.Series:
        return pd.Series([float("inf")])


@contextmanager
def spared() -> Iterator[None]:
    """Work out once, while expectations are looked at, what does not change meanwhile.

    Each makes its configuration, and that the expectation, some seventy times; whoever
    takes one to change it copies it first.
    """
    from great_expectations.core import id_dict
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    configured, made = Expectation.configuration, ExpectationConfiguration.to_domain_obj
    convert = id_dict.convert_to_json_serializable
    Expectation.configuration = property(_once(configured.fget))
    ExpectationConfiguration.to_domain_obj = _once(made)
    id_dict.convert_to_json_serializable = lambda data: data if _is_plain(data) else convert(data)
    try:
        yield
    finally:
        Expectation.configuration = configured
        ExpectationConfiguration.to_domain_obj = made
        id_dict.convert_to_json_serializable = convert


def _once(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, which does it once for each thing that it is given."""
    known: dict[int, tuple[Any, Any]] = {}

    def once(thing: Any) -> Any:
        if id(thing) not in known:
            known[id(thing)] = thing, work(thing)
        return known[id(thing)][1]

    return once


def _is_plain(data: object) -> bool:
    """Whether JSON has it as it is, as nearly all is that identifies a metric."""
    try:
        json.dumps(data)
    except (TypeError, ValueError):
        return False
    return True
