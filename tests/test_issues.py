"""Issues told apart from night to night, and their text in Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.gate.issues import Issue, compare_issues, from_json, to_json
from pipeline.night.messages.summary import escape_markdown, markdown
from pipeline.night.run import Run


def issue(name: str, state: str = "new", since: date = date(2026, 1, 2)) -> Issue:
    return Issue(
        fingerprint=name,
        severity="warning",
        check="c",
        document_id=None,
        message="m",
        since=since,
        state=state,
    )


@given(st.lists(st.sets(st.sampled_from("abcd")), min_size=1, max_size=6))
def test_an_issue_is_resolved_once_and_since_never_moves_forward(nights: list[set[str]]) -> None:
    known: list[Issue] = []
    for number, raised in enumerate(nights, 1):
        before = {i.fingerprint: i for i in known if i.state != "resolved"}
        known = compare_issues([issue(name, since=date(2026, 1, number)) for name in sorted(raised)], known)
        states = {i.fingerprint: i.state for i in known}
        assert states == {
            **{name: "persisting" if name in before else "new" for name in raised},
            **dict.fromkeys(before.keys() - raised, "resolved"),
        }
        assert all(i.since == before[i.fingerprint].since for i in known if i.fingerprint in before)
    assert from_json(to_json(known)) == known


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("![x](javascript:alert(1))", "]("),
        ("a | b | c", "a | b"),
        ("`code`", " `"),
        ("**bold**", "**"),
        ("up\n# down", "\n# down"),
        ("&lt;b&gt;", "&lt;b"),
        ("right\u202eleft", "\u202e"),
    ],
)
def test_text_of_an_article_is_no_markup(tmp_path: Path, text: str, live: str) -> None:
    run = Run(run="r", date=date(2026, 1, 1), outcome="withheld", version=None, output=tmp_path, stages=(),
              issues=(replace(issue("f"), message=text),))  # fmt: skip
    shown = markdown(run)
    assert escape_markdown(text) in shown
    assert live not in shown
    assert all(line.count(" | ") == 3 for line in shown.splitlines() if line.startswith("| warning"))
