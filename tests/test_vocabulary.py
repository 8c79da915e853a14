"""What an officer is told of a check: its name and what to do, in both languages, for all checks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline.gate.suites import derived, load_expectations
from pipeline.report.advice import advice_on
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.tables import with_datasets
from pipeline.tables.vocabulary import CODES, check_kind, code_name

ROOT = Path(__file__).parents[1]
SOURCES = Path(pipeline.__file__).parent
CHINESE = re.compile("[一-鿿]")


def expectations() -> Iterator[tuple[str, str]]:
    """Check and severity of every expectation, written or derived."""
    suites = {name: list(suite) for name, suite in load_expectations(ROOT / "expectations").items()}
    for name, table in with_datasets(load_catalog(ROOT / "catalog").datasets.values()).items():
        suites[name] = [*suites.get(name, []), *derived(table, ("planned", ("completed",)))]
    for name, suite in suites.items():
        yield from ((f"{name}.{e['meta']['check']}", e["severity"]) for e in suite)


def doubts() -> Iterator[tuple[str, str]]:
    """Check and severity of every doubt that the code raises, as its calls are written there."""
    raises = {"Diagnostic", "Finding"}
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in raises and len(node.args) > 1:
                check, severity = node.args[:2]
                if isinstance(check, ast.Constant) and isinstance(severity, ast.Constant):
                    yield str(check.value), str(severity.value)
    yield from (("source_quarantined", "warning"), ("source_duplicate", "info"))
    yield from (("source_noted", "warning"), ("source_partly", "info"), ("source_personal", "info"))
    yield from ((f"decision_{why}", "warning") for why in ("expired", "stale", "gone", "conflict"))


EVERY = sorted({*expectations(), *doubts(), ("observations.precision-obs_value", "warning")})


def test_the_checks_that_are_walked_over_are_those_there_are() -> None:
    names = {check_kind(check) for check, _ in EVERY}
    assert {"kept", "vanished", "leap", "sum", "residual", "equation", "columns", "key"} <= names
    assert {"area_ambiguous", "indicator_ambiguous", "observation_contradiction"} <= names
    assert names >= CODES["check"].keys()


@pytest.mark.parametrize(("check", "severity"), EVERY, ids=lambda value: value)
def test_every_check_has_a_name_and_advice_in_both_languages(check: str, severity: str) -> None:
    name = code_name("check", check)
    assert CHINESE.search(name.zh)
    assert " " in name.en
    assert not CHINESE.search(name.en)
    for equation in (False, True):
        for figure in (False, True):
            advice = advice_on(check, severity, equation, figure)
            assert CHINESE.search(advice.zh)
            assert len(advice.en.split()) > 5


def test_what_drifted_has_advice_of_its_own() -> None:
    checks = ("quantities.kept", "indicators.vanished", "observations.leap")
    advice = {advice_on(check, "info", False, True) for check in checks}
    general = {
        advice_on("economy.my-own", severity, equation, figure)
        for severity in ("warning", "info")
        for equation in (False, True)
        for figure in (False, True)
    }
    assert len(advice) == len(checks)
    assert not advice & general


def test_a_check_that_an_officer_adds_is_named_as_it_is_and_has_advice() -> None:
    assert code_name("check", "economy.my-own").zh == "economy.my-own"
    assert "correct it" in advice_on("economy.my-own", "warning", False, True).en
    assert "whole table" in advice_on("economy.my-own", "critical", False, False).en
