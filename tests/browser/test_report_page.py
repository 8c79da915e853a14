"""The report as the officer meets it: in a browser, by mouse, keyboard, phone and printer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from officer import derived, gathered, issue

from pipeline.report.output import files

pytestmark = pytest.mark.browser

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)><a href=javascript:alert(1)>点</a>"


def test_the_withheld_night_shows_the_equation_and_the_marked_sentence(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    assert page.inner_text("h1") == "暂不发布"
    card = page.locator("article.issue").first
    assert re.sub(r"\s+", " ", card.locator(".sum").inner_text()) == (
        "89 + 204 + 195 = 488 文中作 487 余差 −1"
    )
    assert card.locator(".as .math").inner_text() == "89 + 204 + 195 = 487"
    assert card.locator("a.m.cited").all_inner_texts() == ["487个", "89个", "204个", "195个"]
    assert "全区纳入改造规划的" in "".join(card.locator("span.quoted").all_inner_texts())
    assert "page.txt" in card.inner_text()


def test_the_report_makes_no_request(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.reload()
    page.locator("a.m").first.hover()
    page.click("[data-switch]")
    page.wait_for_timeout(300)
    assert requests == [(withheld / "report.html").as_uri()]


def test_from_an_issue_to_its_source_and_back(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    card = page.locator("article.issue").first
    name = card.get_attribute("id")
    card.locator("a.cited", has_text="204个").click()
    mark = page.locator("details.doc[open] .page a.m:focus")
    assert mark.inner_text() == "204个"
    assert page.url.endswith(f"#{mark.get_attribute('id')}")
    mark.locator("xpath=following-sibling::a[1]").click()
    assert page.url.endswith(f"#{name}")
    assert card.is_visible()


def test_from_a_page_of_the_source_view_to_the_report(visit, withheld: Path) -> None:
    (path,) = (withheld / "sources").glob("*.html")
    page = visit(path)
    page.locator(".backs a").first.click()
    page.wait_for_url("**/report.html#i-*")
    assert page.locator("article.issue:target, .also:target").count() == 1


def test_a_link_to_a_quantity_unfolds_its_document(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    name = page.locator(".page a.m", has_text="36万余").first.get_attribute("id")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    page.evaluate("name => { location.hash = name }", name)
    page.wait_for_selector("details.doc[open] a.m:focus")
    assert page.locator("a.m:focus").get_attribute("id") == name


@pytest.mark.parametrize("by", ["hover", "focus"])
def test_a_mark_says_what_was_read(visit, withheld: Path, by: str) -> None:
    page = visit(withheld / "report.html")
    mark = page.locator(".page a.m", has_text="36万余").first
    getattr(mark, by)()
    card = page.locator("#card")
    assert mark.get_attribute("aria-describedby") == "card"
    said = re.sub(r"\s+", " ", card.inner_text())
    assert all(word in said for word in ("360,000 – 370,000", "金额", "元", "党费", "360,000"))
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_the_switch_speaks_english_and_back(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    page.click("[data-switch]")
    assert page.inner_text("h1") == "Withheld"
    assert page.get_attribute("html", "lang") == "en"
    page.click("[data-switch]")
    assert page.inner_text("h1") == "暂不发布"


def test_the_whole_can_be_read_without_script(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html", java_script_enabled=False)
    assert page.locator("article.issue a.cited").count() == 4
    page.locator("a.to").first.click()
    assert "#q" in page.url


def test_tables_are_sorted_by_their_heads_and_filtered(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    table = page.locator("table.singles")
    head = table.locator("thead th", has_text="数值")
    numbers = []
    for _ in range(2):
        head.locator("button").click()
        texts = table.locator("tbody td.num a").all_inner_texts()
        numbers.append([int(text.replace(",", "")) for text in texts])
    assert numbers[0] == sorted(numbers[0])
    assert numbers[1] == numbers[0][::-1]
    assert head.get_attribute("aria-sort") == "descending"
    page.locator("input.filter").first.fill("党费")
    assert table.locator("tbody tr:visible").count() == 1


def test_everything_is_reached_by_the_keyboard(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    page.keyboard.press("Tab")
    assert page.locator("a.skip:focus").is_visible()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.locator("article.issue :focus").count() == 1


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_over_the_edge(visit, withheld: Path, width: int, scheme: str) -> None:
    page = visit(withheld / "report.html", color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit, withheld: Path, scheme: str) -> None:
    page = visit(withheld / "report.html", color_scheme=scheme)
    faint = page.evaluate(CONTRAST)
    assert not faint


def test_paper_has_every_issue_and_no_controls(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html")
    page.emulate_media(media="print")
    for control in ("[data-switch]", "input.filter", ".top nav", ".on-screen", "a.back"):
        assert page.locator(control).count() > 0
        assert not any(one.is_visible() for one in page.locator(control).all())
    printed = squeezed("".join(printed_pages(page.pdf(prefer_css_page_size=True))))
    cards = page.locator("article.issue, ul.quiet li").all()
    assert len(cards) > 0
    for card in cards:
        for line in card.inner_text().splitlines():
            assert squeezed(line) in printed
    assert squeezed("89 + 204 + 195 = 488") in printed


def test_paper_is_a4_with_a_margin_and_numbered_pages(visit, withheld: Path) -> None:
    document = pypdfium2.PdfDocument(visit(withheld / "report.html").pdf(prefer_css_page_size=True))
    for number, page in enumerate(document, 1):
        assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]
        text = page.get_textpage()
        left = min(
            text.get_charbox(n)[0] for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()
        )
        assert left > 36
        assert f"{number} / {len(document)}" in text.get_text_bounded()


def test_paper_is_white_whatever_the_screen_is(visit, withheld: Path) -> None:
    page = visit(withheld / "report.html", color_scheme="dark")
    look = "getComputedStyle(document.querySelector('.verdict h1')).color"
    dark = page.evaluate(look)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(look) != dark
    assert not page.evaluate(CONTRAST)


def printed_pages(pdf: bytes) -> Iterator[str]:
    """The text of each page, without its foot."""
    for page in pypdfium2.PdfDocument(pdf):
        yield re.sub(r"文数 wenshu\s+\d+ / \d+\s*$", "", page.get_textpage().get_text_bounded())


def squeezed(text: str) -> str:
    """Without blanks, and without what a PDF writes in another form of the same character."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_hostile_text_runs_nothing(visit, tmp_path: Path) -> None:
    made = derived(tmp_path, {"page.txt": f"{HOSTILE}改造老旧小区100个，其中60个完成，50个在建。{HOSTILE}\n"})
    night = gathered(made, [issue(made, message=HOSTILE, check=HOSTILE)])
    for name, content in files(night).items():
        path = tmp_path / "report" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if name.endswith(".html"):
            page = visit(path)
            assert page.locator("img, iframe, a[href^='javascript']").count() == 0
            assert "onerror=alert" in page.locator("body").inner_text()


CONTRAST = """() => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    for (let up = node; up; up = up.parentElement) {
      const color = getComputedStyle(up).backgroundColor;
      if (color.startsWith('rgb') && (channels(color)[3] ?? 1) === 1) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const faint = [];
  const told = 'h1, h2, h3, h4, p, li, dt, dd, td, th, a, .sev, .seen, .sum b';
  for (const node of document.querySelectorAll(told)) {
    if (!node.checkVisibility() || !node.textContent.trim()) continue;
    const [over, under] = [light(channels(getComputedStyle(node).color)), light(channels(ground(node)))]
      .sort((a, b) => b - a);
    const ratio = (over + 0.05) / (under + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${node.className} ${node.textContent.slice(0, 40)}`);
  }
  return [...new Set(faint)];
}"""
