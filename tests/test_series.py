"""The gate within series: figures that their own neighbours do not bear out, from the first load on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.statistics.claims import Diagnostic
from pipeline.statistics.observations import Observation
from pipeline.statistics.outliers import outliers
from pipeline.statistics.periods.period import length


def observation(period: str, value: str, unit: str = "1", indicator: str = "visits") -> Observation:
    number = Decimal(value)
    return Observation(
        indicator=indicator, ref_area="410100", time_period=period, value=number, low=number, high=number,
        unit_measure=unit, qualifier="exact", obs_status="A", sources=(f"q{period}",), document_id=period,
    )  # fmt: skip


def found(values: dict[str, str], unit: str = "1") -> list[Diagnostic]:
    return list(outliers(observation(period, value, unit) for period, value in values.items()))


MONTHS = {"2024-01": "812", "2024-02": "905", "2024-03": "871", "2024-04": "934", "2024-05": "902"}


@pytest.mark.parametrize(
    ("wrong", "factor"),
    [
        ("8710", "10"),
        ("87.1", "10"),
        ("87100", "100"),
        ("8710000", "10000"),
        ("28.1", "31 (the days of its period)"),
    ],
)
def test_a_figure_wrong_by_a_unit_or_by_the_days_of_its_period_is_held_and_names_its_neighbours(
    wrong: str, factor: str
) -> None:
    (finding,) = [one for one in found({**MONTHS, "2024-03": wrong}) if one.severity == "warning"]
    assert (finding.check, finding.document_id, finding.keys) == ("series_outlier", "2024-03", ("q2024-03",))
    assert f"about {factor} times" in finding.message
    assert "2024-02 905" in finding.message
    assert "2024-04 934" in finding.message


def test_a_series_that_grows_and_swings_raises_nothing() -> None:
    assert not found(MONTHS)
    assert not found({f"20{year}": str(100 * 2**n) for n, year in enumerate(range(10, 24))})


def test_two_figures_are_no_series_and_rates_may_double() -> None:
    assert not found({"2023": "12", "2024": "120"})
    assert not found({"2021": "0.5", "2022": "0.6", "2023": "5.8", "2024": "0.4"}, unit="%")


def test_halves_and_years_are_not_compared() -> None:
    assert not found({"2022": "1000", "2023": "1100", "2024-S1": "100", "2024": "1200"})


@pytest.mark.parametrize(
    ("code", "days"),
    [("2024-03-05", 1), ("2024-02", 29), ("2023", 365), ("2024-Q1", 91), ("2024-S2", 184),
     ("2024-01/2024-05", 152), ("2024-05-01/2024-05-05", 5), ("2024-07-17T18:00", 1)],
)  # fmt: skip
def test_a_period_has_its_days(code: str, days: int) -> None:
    assert length(code) == days
