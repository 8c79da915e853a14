"""What the desk makes of a report, a form and a file's name, and the sentences that it marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from desking import Form, opened

from pipeline.catalog_files import catalog_files
from pipeline.concepts.concept import COLLECTS, KINDS
from pipeline.concepts.concept_files import COLUMNS
from pipeline.decisions.loading import load_decisions
from pipeline.desk.cards import cards
from pipeline.desk.deciding import forget, remember
from pipeline.desk.desk import Desk
from pipeline.desk.entry_files import ConceptEntries, IndicatorEntries
from pipeline.desk.entry_forms import entry_from_form, form_fields
from pipeline.desk.sidecars import safe_name
from pipeline.errors import WenshuError
from pipeline.gate.issues import fingerprint_of
from pipeline.project import load_project
from pipeline.training.bank import load_bank


def test_a_stale_decision_is_a_card_however_its_numbers_were_typed(tmp_path: Path) -> None:
    (tmp_path / "2026-11.yaml").write_text(
        "decisions:\n  - action: flag\n    target: {quantity: abc}\n    expect: {value: 4.50, unit: null}\n"
        "    reason: 待核\n    officer: 李四\n    date: 2026-11-01\n",
        encoding="utf-8",
    )
    (decision,) = load_decisions(tmp_path)
    why = {"zh": "现为 5", "en": "is 5 now"}
    reported = {"id": decision.id, "expect": "value = 4.5; unit = ", "stale": why}
    issue = {
        "state": "new", "severity": "warning", "check": "decision_stale",
        "fingerprint": fingerprint_of("decision_stale", None, (decision.id,)),
        "expected": None, "message": "x", "advice": why, "path": None, "document_id": None,
        "quantities": [], "equations": [], "targets": [],
    }  # fmt: skip
    (card,) = cards({"issues": [issue], "decisions": [reported]}, (), [decision], {})
    assert card.decision == reported


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd.txt", "passwd.txt"), ("C:\\稿\\a.docx", "a.docx"), (".hidden.txt", "hidden.txt"),
     ("a\0b\n.txt", "a_b_.txt"), ("x" * 400 + ".pdf", None)],
)  # fmt: skip
def test_a_safe_name_is_a_file_of_raw_and_nothing_else(name: str, safe: str | None) -> None:
    made = safe_name(name)
    assert made == safe or (safe is None and made.endswith(".pdf") and len(made.encode()) <= 200)
    for bad in ("", "..", "/", "___", "x.yaml", "x" * 400, "a." + "x" * 400):
        with pytest.raises(WenshuError):
            safe_name(bad)


@pytest.mark.parametrize(("kind", "least"), [(IndicatorEntries, 12), (ConceptEntries, 9)])
def test_a_form_that_is_saved_as_it_is_shown_changes_nothing_whatever_is_in_it(
    tmp_path: Path, kind: type[IndicatorEntries] | type[ConceptEntries], least: int
) -> None:
    (tmp_path / "raw").mkdir()
    with opened(tmp_path) as desk:
        files = catalog_files(desk.served.desk.project.catalog, kind.pattern)
        entries = kind.read_entries(files)
        one_of_each = {
            (field, type(v)): name for name, (_, entry) in entries.items() for field, v in entry.items()
        }
        assert len(one_of_each) > least
        for name in {*one_of_each.values()}:
            place, entry = entries[name]
            draft = entry_from_form(kind.thing, Form(desk.get(f"/{kind.thing}s/{name}").text).fields)
            assert {field: cell for field, cell in draft.items() if cell is not None} == entry, name
            text = files[place].read_bytes().decode()
            if kind is ConceptEntries:  # YAML comes back as it reads, CSV to the byte
                assert kind.with_draft(text, draft, files[place]) == text


def test_the_form_of_a_concept_is_that_of_its_file() -> None:
    form = {field.name: field for field in form_fields("concept")}
    assert tuple(form) == COLUMNS
    assert (form["kind"].choices, form["collects"].choices) == (KINDS, COLLECTS)


def test_a_figure_whose_frame_is_corrected_is_marked_in_its_sentence_until_that_is_withdrawn(
    tmp_path: Path,
) -> None:
    (tmp_path / "raw").mkdir()
    text = "全区487个书房，204个进入收尾阶段。\n柳塘镇建成公园3个。\n"
    (tmp_path / "raw" / "rooms.txt").write_text(text, encoding="utf-8")
    article = Desk(load_project(cwd=tmp_path)).article("rooms.txt")
    assert article is not None
    folder, figure = tmp_path / "decisions", article.ids[1]
    remember(folder, article, figure, {"subject": "阅览室"})
    (marked,) = load_bank(folder / "bank")
    assert marked.text == "全区487个书房，204个进入收尾阶段。"
    assert [(marked.text[m.start : m.end], m.subjects) for m in marked.marks] == [("204个", ("阅览室",))]
    for target in ({"relation": figure}, {"quantity": "../bank/" + figure}):
        forget(folder, {"target": target})
    assert [*load_bank(folder / "bank")] == [marked]
    forget(folder, {"target": {"quantity": figure}})
    assert not [*load_bank(folder / "bank")]
