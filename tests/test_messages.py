"""Every message that the program can say to a person is known in Chinese, and no English is left in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

from pipeline.language import in_terminal_language, set_language, translate

ROOT = Path(__file__).resolve().parents[1]
SLOT = "◇"
"""What stands for whatever is filled in."""

ERRORS = (
    "WenshuError",
    "ConflictError",
    "UnreadableError",
    "NoServerError",
)
ISSUES = ("Finding", "Diagnostic")
REASONS = ("cells", "trial", "claim_builder")
"""Modules whose functions give the reason why a figure is not an indicator's."""

ENGLISH = re.compile(r"[A-Za-z][a-z]{2,} [a-z]{2,}")
COMMANDS = re.compile(r"`[^`]*`|\b(wenshu|pip install|dask worker)\b( [a-z]+)*|extends: \w+|to [A-Z]+")
"""What is typed as it stands, in any language."""


def messages() -> Iterator[tuple[str, str, bool]]:
    """Each message with its place, and whether it is an issue's."""
    for path in sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "flows").glob("*.py")]):
        for function in [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, SCOPES)]:
            known = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name) and isinstance(node.value, ast.JoinedStr | ast.IfExp)
            }
            if path.stem in REASONS:
                given = [n for n in ast.walk(function) if isinstance(n, ast.Return | ast.Yield)]
                for node in given:
                    value = node.value.elts[-1] if isinstance(node.value, ast.Tuple) else node.value
                    for message in worded(value, known) if value else ():
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", message, False
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                said = [word.value for word in call.keywords if word.arg == "reason"]
                if name == "log_event" and any(word.arg == "people" for word in call.keywords):
                    said += call.args[1:2]
                issue = name in ISSUES and "relations" not in path.parts
                said += call.args[:1] if name in ERRORS else call.args if issue else []
                for node in said:
                    for message in worded(node, known):
                        yield f"{path.relative_to(ROOT)}:{call.lineno}", message, issue


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef)


def worded(node: ast.AST, known: Mapping[str, ast.AST]) -> list[str]:
    """What an expression of strings can come to."""
    match node:
        case ast.Constant(value=str(said)):
            return [said]
        case ast.FormattedValue(value=ast.Name() | ast.IfExp() as inner):
            return worded(inner, known)
        case ast.JoinedStr(values=parts):
            return ["".join(each) for each in product(*(worded(part, known) for part in parts))]
        case ast.IfExp(body=first, orelse=second):
            return worded(first, known) + worded(second, known)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return ["".join(each) for each in product(worded(left, known), worded(right, known))]
        case ast.Name(id=name) if name in known:
            return worded(known[name], {other: value for other, value in known.items() if other != name})
        case _:
            return [SLOT]


ALL = {said: (place, issue) for place, said, issue in messages() if ENGLISH.search(said)}


@pytest.fixture(scope="module", autouse=True)
def chinese() -> Iterator[None]:
    set_language("zh")
    yield
    set_language(None)


def test_there_are_messages() -> None:
    assert len(ALL) > 100


@pytest.mark.parametrize("said", ALL)
def test_a_message_is_known_in_chinese(said: str) -> None:
    place, issue = ALL[said]
    shown = in_terminal_language(said) if issue else translate(said)
    assert re.search("[一-鿿]", shown), f"{place}: put it into language/messages.zh.toml: {said}"
    assert not ENGLISH.search(COMMANDS.sub("", shown)), f"{place}: {shown}"
