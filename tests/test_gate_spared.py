"""Great Expectations finds the same when it is spared what it does over and over."""

from __future__ import annotations

from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from gating import judge, night, quantity, renovation
from great_expectations.core import id_dict
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from pipeline.gate import spared


def theirs() -> tuple[Any, ...]:
    return (
        Expectation.configuration,
        ExpectationConfiguration.to_domain_obj,
        id_dict.convert_to_json_serializable,
    )


def test_what_is_found_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = {
        "quantities": [quantity("q1", 9, 13, kind="guess", text="488个"), quantity("q1", 18, 21)],
        "renovation": [renovation(100, 30, 21, 50)],
    }
    found = judge(night(**faults))
    assert len(found.findings) >= 4
    monkeypatch.setattr(spared, "spared", nullcontext)
    monkeypatch.setattr(spared, "Frame", pd.DataFrame)
    assert judge(night(**faults)) == found


def test_it_is_let_be_again_whatever_happens() -> None:
    before = theirs()
    with pytest.raises(KeyError), spared.spared():
        assert theirs() != before
        raise KeyError
    assert theirs() == before


@pytest.mark.parametrize("said", [{"column": "a", "mostly": None}, {"b": Decimal("1.5"), "a": {"x"}}])
def test_a_metric_is_identified_as_ever(said: dict[str, Any]) -> None:
    plainly = id_dict.IDDict(said).to_id()
    with spared.spared():
        assert id_dict.IDDict(said).to_id() == plainly
