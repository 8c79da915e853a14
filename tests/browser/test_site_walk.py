"""A stranger's walk over the download site, on a desktop and a phone, and the parts of it one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def fits(page: Page) -> None:
    """Nothing of the page is off the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        page.url
    )


DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WORDS = {
    "zh": ("小区改造", "改造完成的老旧小区", "下载这一指标", "更正：5,890,000,000 → 5,980,000,000", "引用"),
    "en": (
        "renovation",
        "Compounds completed",
        "Download this indicator",
        "corrected: 5,890,000,000 →",
        "Cite",
    ),
}
WALKS = [
    pytest.param(window, scheme, lang, marks=[] if marked else pytest.mark.soak, id=f"{name}-{scheme}-{lang}")
    for name, window in (("desktop", DESKTOP), ("phone", PHONE))
    for scheme in ("light", "dark")
    for lang in ("zh", "en")
    for marked in [(name, scheme, lang) in (("desktop", "light", "zh"), ("phone", "dark", "en"))]
]


@pytest.mark.parametrize(("size", "scheme", "lang"), WALKS)
def test_a_stranger_finds_compares_follows_downloads_and_cites(
    window: Any, address: str, size: dict[str, Any], scheme: str, lang: str
) -> None:
    asked, title, download, corrected, cite = WORDS[lang]
    page = window(color_scheme=scheme, **size)
    page.goto(address + ("en/index.html" if lang == "en" else ""))
    fits(page)
    page.locator(".hero input").fill(asked)
    found = page.locator(".hero .found a")
    found.first.wait_for()
    assert found.filter(has_text="158").first.is_visible()  # the latest value, where one looks
    found.filter(has_text=title).first.click()

    # Two of four regions, ranked and on one scale.
    page.locator("h1", has_text=title).wait_for()
    fits(page)
    chips = page.locator(".chips input")
    assert chips.count() == 4
    for name in ("郑州市中原区", "郑州市二七区"):
        page.get_by_role("checkbox", name=name).uncheck()
    assert page.locator(".ranks li:not(.off)").count() == 2
    assert page.locator(".strand:visible").count() == 2
    assert page.url.endswith("?r=410105,410108")
    with page.expect_download() as saved:
        page.get_by_role("link", name=download).click()
    assert "obs_value" in Path(saved.value.path()).read_text(encoding="utf-8-sig")

    # A point says its figure, then leads to its sentence.
    point = page.locator(".strand:visible a.pt").last
    if size is PHONE:
        point.tap()
        page.locator(".tip a").click()
    else:
        point.hover()
        assert "41" in page.locator(".tip").inner_text()
        point.click()
    page.wait_for_url("**/documents/*")
    assert page.locator("mark:target").inner_text() == "41个"
    fits(page)

    # The figure is cited by its own address.
    page.locator(".citing:visible", has_text=cite).first.click()
    said = page.locator("dialog[open]").inner_text()
    assert "[DS/OL]" in said
    assert "@misc{" in said
    assert "/documents/" in said
    assert "2024.10.8" in said
    page.keyboard.press("Escape")

    # A corrected figure says so where it stands, and why.
    page.locator("footer a[href$='corrections.html']").click()
    assert "59.8 亿元" in page.locator(".corrections").inner_text()
    fits(page)
    page.locator(".corrections blockquote a").click()
    page.wait_for_url("**/documents/*#*")
    assert corrected in page.locator(".stated li", has_text="58.9").inner_text()


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("财政收入", "一般公共预算收入"), ("旅客", "接待游客"), ("小区改造", "老旧小区改造进度"),
        ("郑州 游客", "接待游客"), ("郑州游客", "接待游客"), ("洛阳", "洛阳市"), ("tourism", "旅游收入"),
        ("旅游人数", "接待游客"), ("区财政", "财政"),
    ],
)  # fmt: skip
def test_ordinary_words_find_what_they_mean_or_what_is_near(found: Any, asked: str, wanted: str) -> None:
    page = found(asked)
    titles = page.locator(".results h2").all_inner_texts()
    assert any(wanted in title for title in titles[:4]), titles[:6]


def test_a_place_in_a_search_chooses_its_figures(found: Any) -> None:
    page = found("洛阳 旅游收入")
    first = page.locator(".results > li", has_text="旅游收入").first
    assert "洛阳市" in first.inner_text()
    assert "郑州市" not in first.inner_text()
    assert "r=410300" in (first.locator("h2 a").get_attribute("href") or "")


def test_a_search_that_finds_nothing_says_what_is_near(found: Any) -> None:
    page = found("游乐园")
    assert page.get_by_role("status").inner_text().startswith("没有叫“游乐园”的")
    assert page.locator(".results h2").count() > 0


@pytest.fixture(scope="module")
def found(browser: Browser, address: str) -> Iterator[Any]:
    """Asks the page of results, in one window for all questions."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}search.html")

    def found(asked: str) -> Page:
        page.locator("main input").fill(asked)
        page.locator(".results li").first.wait_for()
        return page

    yield found
    context.close()


def test_points_are_told_and_reached_by_the_keyboard(window: Any, address: str) -> None:
    page = window()
    page.goto(f"{address}indicators/tourist_visits.html")
    points = page.locator("a.pt")
    assert points.count() == 4
    assert page.locator("a.pt:not([tabindex='-1'])").count() == 1
    points.first.focus()
    assert "10,865,000 人次" in page.locator(".tip").inner_text()
    page.keyboard.press("ArrowRight")
    assert "2024 国庆" in page.locator(".tip").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*")
    assert page.locator("mark:target").inner_text() == "1542.3万人次"


def test_the_parts_of_a_whole_are_links_to_their_sentences(window: Any, address: str) -> None:
    page = window()
    page.goto(f"{address}datasets/renovation.html")
    bar = page.locator("svg.stacked").filter(has_text="2024-05-30").first
    assert {"102", "36", "18", "156"} <= set(bar.locator("text").all_text_contents())
    bar.locator("a.pt").first.click()
    page.wait_for_url("**/documents/*")
    assert page.locator("mark:target").inner_text() == "102个"


def test_on_a_phone_figures_are_cards_with_the_sentence_first(window: Any, address: str) -> None:
    page = window(**PHONE)
    page.goto(f"{address}indicators/tourist_visits.html")
    card = page.locator(".behind tbody tr").first
    tops = [
        card.locator(f".{name}").evaluate("e => e.getBoundingClientRect().top")
        for name in ("quote", "where", "value")
    ]
    assert tops == sorted(tops)
    assert tops[0] < tops[1]
