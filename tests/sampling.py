"""Which cases of a table are tried each time, where each costs a night: the first; the rest is soaked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], always: int = 1) -> list[Any]:
    """The cases as parameters, those after the first `always` of them left to `make soak`.

    Args:
        cases: values, or tuples of values, as `pytest.mark.parametrize` takes them.
        always: how many are tried by `make test`, too.
    """
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)), marks=[] if n < always else pytest.mark.soak
        )
        for n, case in enumerate(cases)
    ]
