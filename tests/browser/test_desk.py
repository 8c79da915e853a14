"""The officer's desk in chromium: what is doubted is decided by keys, and the next night does so."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from desking import OFFICER, TOWNS, Visitor, markets, one_night, open_cards, opened
from officer import STATED
from playwright.sync_api import expect

from pipeline.decisions.loading import load_decisions
from pipeline.decisions.writing import read_log, write_decision
from pipeline.statistics.catalog.loading import load_catalog
from pipeline.training.bank import load_bank

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SCRIPT = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">共3个公园。\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Iterator[Visitor]:
    """A desk on a project whose night was withheld."""
    root = tmp_path_factory.mktemp("desk")
    (root / "raw").mkdir()
    wrong = page.read_text(encoding="utf-8").replace(STATED, "204个进入")
    (root / "raw" / "page.txt").write_text(wrong, encoding="utf-8")
    (root / "raw" / "markets.txt").write_text(markets() + SCRIPT, encoding="utf-8")
    (root / "raw" / "lounges.txt").write_text("截至2026年9月底，全区建成邻里客厅31座。\n", encoding="utf-8")
    (root / "raw" / "lounges.yaml").write_text(
        "issued: '2026-11-01'\nregion: 郑州市中原区\n", encoding="utf-8"
    )
    assert one_night(root, 1).outcome == "withheld"
    with opened(root) as visitor:
        yield visitor


@pytest.fixture
def tab(desk: Visitor, browser: Browser) -> Iterator[Page]:
    """A tab that came in by a link of its own; anything that it complains of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    complaints: list[str] = []
    tab = context.new_page()
    # A change that is refused is a line of the browser's own; the page says why.
    tab.on("console", lambda m: "status of 4" in m.text or complaints.append(m.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(desk.served.link())
    tab.wait_for_url(f"http://127.0.0.1:{desk.port}/")
    yield tab
    context.close()
    assert not complaints


def go(tab: Page, path: str) -> None:
    tab.goto("/".join((*tab.url.split("/")[:3], path.lstrip("/"))))


def says(tab: Page, text: str) -> None:
    """Wait until the page says so."""
    expect(tab.locator("#toast")).to_contain_text(text, timeout=20_000)


def undone(tab: Page) -> None:
    tab.keyboard.press("z")
    says(tab, "undone")


def test_ten_issues_are_decided_in_under_a_minute_and_taken_back_one_by_one(desk: Visitor, tab: Page) -> None:
    go(tab, "/queue?document=markets.txt&severity=warning")
    before, began = open_cards(desk), time.monotonic()
    for key in "aadfaasfaada":
        place = tab.locator("[data-card]").get_attribute("data-card")
        if key == "d":
            tab.keyboard.press("2")
        tab.keyboard.press(key)
        expect(tab.locator(f"[data-card='{place}']")).to_have_count(0)
    assert time.monotonic() - began < 60
    assert before - open_cards(desk) == 11
    assert {d.action for d in load_decisions(desk.root / "decisions")} == {"accept", "drop", "flag"}
    for left in range(10, -1, -1):
        undone(tab)
        tab.evaluate("document.querySelector('#toast').textContent = ''")
        assert before - open_cards(desk) == left


def test_one_decision_is_taken_for_several_after_a_look_at_them(desk: Visitor, tab: Page) -> None:
    go(tab, "/queue?document=markets.txt&check=quantities.equation")
    before = open_cards(desk)
    tab.click("[data-these]")
    listed = tab.locator("#these li")
    listed.first.wait_for()
    assert listed.count() == len(TOWNS)
    assert "= 64" in listed.nth(1).inner_text() or "= 63" in listed.nth(1).inner_text()
    listed.first.locator("input").uncheck()
    tab.click("#these button[value=flag]")
    says(tab, "written: 11")
    assert before - open_cards(desk) == 11
    assert {d.action for d in load_decisions(desk.root / "decisions")} == {"flag"}
    undone(tab)
    assert open_cards(desk) == before


def test_what_stands_in_an_article_is_shown_and_does_nothing(desk: Visitor, tab: Page) -> None:
    go(tab, "/queue?document=markets.txt")
    assert "<script>document.title=" in tab.locator(".article").inner_text()
    assert tab.title() != "ran"
    assert tab.locator(".article img, .article script").count() == 0


def test_a_file_edited_by_hand_meanwhile_is_kept_and_a_second_decision_refused(
    desk: Visitor, tab: Page
) -> None:
    go(tab, "/queue?severity=critical")
    (card,) = [card for card in desk.served.desk.cards() if card.severity == "critical"]
    (target,) = [t for t in card.targets if t["kind"] == "relation"]
    by_hand = desk.root / "decisions" / f"{dt.datetime.now(dt.UTC):%Y-%m}.yaml"
    by_hand.parent.mkdir(exist_ok=True)
    by_hand.write_text(
        f"# 手写\ndecisions:\n  - action: accept  # 电话确认\n    target: {{relation: {target['id']}}}\n"
        f"    expect: {{expression: 89 + 204 + 195 = 487}}\n    reason: 电话确认\n    officer: 李四\n"
        f"    date: '2026-11-10'\n",
        encoding="utf-8",
    )
    before = by_hand.read_text(encoding="utf-8")
    tab.keyboard.press("a")
    says(tab, "not there any more")
    assert by_hand.read_text(encoding="utf-8") == before
    go(tab, "/queue?document=markets.txt&severity=warning")
    tab.keyboard.press("a")
    says(tab, "accepted")
    text = by_hand.read_text(encoding="utf-8")
    assert text.startswith("# 手写\n")
    assert "# 电话确认" in text
    assert len(load_decisions(by_hand.parent)) == 2
    undone(tab)
    assert by_hand.read_text(encoding="utf-8") == before
    by_hand.unlink()


def test_a_card_stays_where_the_next_one_cannot_be_shown_and_the_page_says_why(
    desk: Visitor, tab: Page
) -> None:
    go(tab, "/queue?document=markets.txt&severity=warning")
    card = tab.locator("[data-card]").get_attribute("data-card")
    broken = desk.root / "decisions" / "2026-01.yaml"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("decisions: 5\n", encoding="utf-8")
    try:
        tab.keyboard.press("j")
        says(tab, "2026-01.yaml")
        assert tab.locator("[data-card]").get_attribute("data-card") == card
    finally:
        broken.unlink()
    tab.keyboard.press("j")
    expect(tab.locator("[data-card]")).not_to_have_attribute("data-card", card or "")


def test_a_misprint_is_corrected_by_keys_alone_and_the_next_night_releases_it(
    desk: Visitor, tab: Page
) -> None:
    go(tab, "/queue?severity=critical")
    assert tab.locator(".card h2").inner_text() == "An equation does not hold"
    assert "89 + 204 + 195 = 488" in " ".join(tab.locator(".equations").inner_text().split())
    assert tab.locator(".where .place").inner_text() == "1 / 1"  # three fingerprints, one card

    tab.keyboard.press("3")
    assert tab.locator(".figure[aria-pressed=true] b").inner_text() == "204个"
    assert tab.locator(".article .chosen").inner_text() == "204个"
    assert tab.locator(".article .chosen").is_visible()
    tab.keyboard.press("c")
    tab.keyboard.type("203")
    tab.wait_for_selector(".equations.holds")
    assert "89 + 203 + 195 = 487" in " ".join(tab.locator(".equations").inner_text().split())
    tab.keyboard.press("Enter")
    says(tab, "corrected 204个")
    (decision,) = load_decisions(desk.root / "decisions")
    assert (decision.action, decision.value, decision.officer) == ("correct", 203, OFFICER)
    assert decision.expect["text"] == "204个"

    released = one_night(desk.root, 2)
    assert (released.outcome, released.version) == ("released", "2026.11.10")
    figures = pd.read_csv(released.output / "latest" / "data" / "renovation.csv")
    assert figures["residual"].tolist() == [0]

    undone(tab)
    assert load_decisions(desk.root / "decisions") == ()
    assert [line["did"] for line in read_log(desk.root / "decisions", 2)] == ["withdrawn", "added"]


def test_what_a_figure_counts_is_changed_by_clicks_and_its_sentence_kept(desk: Visitor, tab: Page) -> None:
    go(tab, "/queue?document=markets.txt&severity=warning")
    tab.locator(".figure").nth(1).click()
    fields = tab.locator("[data-figure]:not([hidden])")
    fields.locator("[name=subject]").fill("集市")
    fields.locator("[name=measure]").select_option("share")
    expect(fields.locator(".chip.changed")).to_have_count(2)
    tab.click("[data-act=correct]")
    says(tab, "corrected")
    (decision,) = load_decisions(desk.root / "decisions")
    assert (decision.value, decision.frame) == (None, {"subject": "集市", "measure": "share"})
    (kept,) = load_bank(desk.root / "decisions" / "bank")
    assert [(mark.subjects, mark.measure) for mark in kept.marks] == [(("集市",), "share")]
    tab.click("[data-act=undo]")
    says(tab, "undone")
    assert load_decisions(desk.root / "decisions") == ()
    assert not [*load_bank(desk.root / "decisions" / "bank")]


def test_forms_are_filled_in_by_clicks(desk: Visitor, tab: Page) -> None:
    go(tab, "/articles/markets.txt")
    tab.fill("[name=title]", "市场提升")
    tab.check("[name=example]")
    tab.click("main form button")
    expect(tab.locator(".article h2")).to_have_text("市场提升")
    sidecar = (desk.root / "raw" / "markets.yaml").read_text(encoding="utf-8")
    assert sidecar == "title: 市场提升\nexample: true\n"

    go(tab, "/indicators/new?subject=农贸市场&kind=count&unit=个")
    expect(tab.locator(".trial li").first).to_be_visible()
    tab.click("form[data-draft] summary")
    tab.fill("[name=id]", "markets_listed")
    tab.fill("[name=states]", "列入 改造")
    tab.select_option("[name=status]", "F")
    tab.fill("[name=definition_zh]", "列入计划的农贸市场。")
    expect(tab.locator(".diff")).to_contain_text("id: markets_listed")
    tab.click("main form button")
    tab.wait_for_url("**/indicators/markets_listed")
    says(tab, "saved catalog/indicators/own.yaml; the next run applies it")
    made = load_catalog(desk.root / "catalog").indicators["markets_listed"]
    assert (made.states, made.status) == (("列入", "改造"), "F")


def test_an_unclaimed_subject_becomes_a_series_and_a_stale_decision_is_renewed(
    desk: Visitor, tab: Page, page: Path
) -> None:
    (desk.root / "raw" / "page.txt").write_bytes(page.read_bytes())
    go(tab, "/unclaimed")
    subject = tab.locator("article.entry", has_text="邻里客厅")
    subject.get_by_text("Make an indicator").click()
    expect(tab.locator(".trial li").first).to_contain_text("31")
    tab.fill("[name=id]", "neighbourhood_lounges")
    tab.fill("[name=definition_zh]", "建成的邻里客厅。")
    tab.click("main form button")
    says(tab, "the next run applies it")

    figures = pd.read_csv(desk.root / "output" / "latest" / "data" / "quantities.csv")
    (name,) = figures.loc[figures["text"] == "31座", "quantity_id"]
    write_decision(desk.root / "decisions", {
        "action": "flag", "target": {"quantity": name}, "expect": {"text": "30座"}, "reason": "待核",
        "officer": "李四", "date": "2026-11-01",
    })  # fmt: skip
    released = one_night(desk.root, 3)
    assert released.outcome == "released"
    rows = pd.read_csv(released.output / "latest" / "data" / "observations.csv", dtype=str)
    assert rows.loc[rows["indicator"] == "neighbourhood_lounges", "obs_value"].tolist() == ["31"]

    go(tab, "/queue?check=decision_stale")
    assert "text = 31座" in tab.locator(".was").inner_text()
    tab.keyboard.press("a")
    says(tab, "renewed")
    (decision,) = load_decisions(desk.root / "decisions")
    assert (decision.expect, decision.officer) == ({"text": "31座"}, OFFICER)
