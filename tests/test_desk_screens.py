"""The desk's screens without a browser: what each shows and writes, and what it leaves alone."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from desking import OFFICER, Form, Visitor, opened
from nights import night
from officer import project

from pipeline.decisions.loading import load_decisions, read_decisions
from pipeline.decisions.writing import read_log, write_decision
from pipeline.night.dry_run import dry_project
from pipeline.night.run import Run
from pipeline.statistics.catalog.loading import load_catalog

LIBRARIES = "2026年{0}月底，全区建成邻里客厅{1}座。{0}月，全区邻里客厅接待读者{2}人次。\n"
SIDECAR = "# 报社来稿\ntitle: 青禾书房  # 见版面\nissued: '2026-11-0{}'\nregion: 郑州市中原区\n"


def one_night(root: Path, day: int) -> Run:
    return night(project(root), now=dt.datetime(2026, 11, day, 2, tzinfo=dt.UTC))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A desk on a project that released once, with a decision that went stale since."""
    root = tmp_path_factory.mktemp("screens")
    (root / "raw").mkdir()
    for n in (1, 2):
        text = LIBRARIES.format(8 + n, 30 + n, 1200 + n)
        (root / "raw" / f"rooms{n}.txt").write_text(text, encoding="utf-8")
        (root / "raw" / f"rooms{n}.yaml").write_text(SIDECAR.format(n), encoding="utf-8")
    (root / "raw" / "scan.png").write_bytes(b"\x89PNG\r\n")
    (root / "raw" / "<b>.txt").write_text("<script>alert(1)</script>共3个公园。", encoding="utf-8")
    assert one_night(root, 1).outcome == "released"
    figures = pd.read_csv(root / "output" / "latest" / "data" / "quantities.csv")
    (name,) = figures.loc[figures["text"] == "31座", "quantity_id"]
    write_decision(root / "decisions", {
        "action": "flag", "target": {"quantity": name}, "expect": {"text": "30座"}, "reason": "待核",
        "officer": "李四", "date": "2026-11-01",
    })  # fmt: skip
    (root / "raw" / "parks.txt").write_text("柳塘镇建成口袋公园12个。\n", encoding="utf-8")
    assert one_night(root, 2).outcome == "released"
    with opened(root) as visitor:
        yield visitor


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/", "Released"),
        ("/queue", "A decision no longer fits its source"),
        ("/queue?document=none.txt", "Nothing is left of these"),
        ("/articles", "青禾书房"),
        ("/articles?status=quarantined", "recognise its text"),
        ("/articles?q=rooms2&page=99", "rooms2.txt"),
        ("/articles/rooms1.txt", "邻里客厅"),
        ("/articles/%3Cb%3E.txt", "&lt;script&gt;alert("),
        ("/unclaimed", "邻里客厅"),
        ("/indicators", "Gross domestic product"),
        ("/indicators/gdp", 'value="gross_domestic_product"'),
        ("/indicators/new?subject=%E4%B9%A6%E6%88%BF", "书房"),
        ("/concepts?q=GDP", "gross_domestic_product"),
        ("/concepts/gross_domestic_product", 'value="地区生产总值"'),
        ("/concepts/new?subject=%E4%B9%A6%E6%88%BF&kind=count", 'name="zh" value="书房"'),
        ("/decisions", "待核"),
        ("/releases", "2026.11.2"),
        ("/releases?version=2026.11.1", "2026.11.1 changed"),
    ],
)
def test_each_screen_shows_what_it_is_for(desk: Visitor, path: str, shows: str) -> None:
    answer = desk.get(path)
    assert answer.status == 200
    assert shows in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/articles/none.txt", "/articles/../wenshu.toml", "/articles/..%2F..%2Fetc%2Fpasswd", "/indicators/none",
     "/concepts/none", "/original/rooms1.txt", "/queue/none"],
)  # fmt: skip
def test_what_is_not_there_is_not_shown(desk: Visitor, path: str) -> None:
    assert desk.get(path).status == 404


def test_a_stale_decision_is_renewed_for_what_its_target_says_now(desk: Visitor) -> None:
    (card,) = [card for card in desk.served.desk.cards() if card.decision]
    assert desk.post("/api/decide", {"card": card.id, "action": "accept", "reason": "再核无误"}).status == 200
    (decision,) = load_decisions(desk.root / "decisions")
    assert decision.expect == {"text": "31座"}
    assert (decision.officer, decision.reason) == (OFFICER, "再核无误")
    assert not [card for card in desk.served.desk.cards() if card.decision]
    assert read_log(desk.root / "decisions", 1)[0]["did"] == "changed"


def test_a_decision_is_changed_and_withdrawn_only_as_it_was_seen(desk: Visitor) -> None:
    folder = desk.root / "decisions"
    ((decision, seen),) = read_decisions(folder)
    other = {**seen, "reason": "别人的理由"}
    change = {"id": decision.id, "seen": seen, "reason": "电话核实", "expires": "2099-01-01"}
    assert desk.post("/api/decision/change", {**change, "seen": other}).status == 409
    assert desk.post("/api/decision/change", change).status == 200
    ((decision, now),) = read_decisions(folder)
    assert (now["reason"], now["expires"]) == ("电话核实", "2099-01-01")
    assert desk.post("/api/decision/withdraw", {"id": decision.id, "seen": seen}).status == 409
    before = read_log(folder, 99)
    assert desk.post("/api/decision/withdraw", {"id": decision.id, "seen": now}).status == 200
    assert load_decisions(folder) == ()
    assert read_log(folder, 99)[1:] == before  # nothing of it is rewritten


def test_a_form_writes_the_sidecar_and_keeps_its_comments(desk: Visitor) -> None:
    path = desk.root / "raw" / "rooms2.yaml"
    page = desk.get("/articles/rooms2.txt").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    form = {
        "path": "rooms2.txt",
        "seen": seen,
        "title": "青禾：书房",
        "issued": "2026-11-02",
        "region": "410102",
    }
    assert desk.post("/api/sidecar", {**form, "issued": "去年"}).status == 422
    assert desk.post("/api/sidecar", form).status == 200
    text = path.read_text(encoding="utf-8")
    assert all(line in text for line in ("# 报社来稿", "# 见版面", "青禾：书房", "'410102'"))
    assert desk.post("/api/sidecar", form).status == 409  # it says something else by now
    assert path.read_text(encoding="utf-8") == text


def upload(name: str, data: bytes) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(data).decode()}


def test_a_file_is_taken_in_under_a_safe_name_and_overwrites_nothing(desk: Visitor) -> None:
    raw = desk.root / "raw"
    there = {path.name for path in raw.iterdir()}
    assert desk.post("/api/upload", upload("新 稿.txt", "共5个公园。".encode())).json["path"] == "新_稿.txt"
    assert (raw / "新_稿.txt").read_text(encoding="utf-8") == "共5个公园。"
    assert desk.post("/api/upload", upload("新 稿.txt", "共5个公园。".encode())).status == 200
    for name, data in (
        ("新_稿.txt", b"other"), ("a.exe", b"MZ"), ("rooms1.yaml", b"title: x"), ("x.txt", b""), ("", b"x"),
    ):  # fmt: skip
        assert desk.post("/api/upload", upload(name, data)).status == 422, name
    assert desk.post("/api/upload", {"name": "a.txt", "content": "!"}).status == 422
    assert {path.name for path in raw.iterdir()} == there | {"新_稿.txt"}
    (raw / "新_稿.txt").unlink()


def test_an_indicator_is_tried_written_and_given_another_word(desk: Visitor) -> None:
    draft = {
        "id": "neighbourhood_lounges", "title_zh": "邻里客厅", "title_en": "Lounges", "kind": "count",
        "definition_zh": "建成的邻里客厅。", "definition_en": "Lounges built.", "unit": "1",
        "subjects": "邻里客厅", "measures": "座", "seen": "",
    }  # fmt: skip
    tried = desk.post("/api/indicator/try", draft).json
    assert [one["value"] for one in tried["caught"]] == ["31", "32"]
    assert [one["why"] for one in tried["near"]] == [] or tried["near"]
    assert any("neighbourhood_lounges" in line for line in tried["diff"])
    assert not (desk.root / "catalog").exists()
    assert desk.post("/api/indicator/save", {**draft, "kind": "counts"}).status == 422
    assert desk.post("/api/indicator/save", draft).json["file"] == "catalog/indicators/own.yaml"
    concepts = load_catalog(desk.root / "catalog").concepts.concepts
    assert concepts["neighbourhood_lounges"].names == ("邻里客厅",)
    assert desk.post("/api/indicator/save", {**draft, "unit": "%"}).status == 409  # as it was seen, it is not
    synonym = {"known": "neighbourhood_lounges", "subject": "睦邻客厅"}
    assert desk.post("/api/synonym", synonym).json["file"] == "catalog/indicators/own.yaml"
    made = load_catalog(desk.root / "catalog").concepts.concepts["neighbourhood_lounges"]
    assert made.names == ("邻里客厅", "睦邻客厅")


ROOMS = {
    "code": "meeting_rooms", "zh": "睦邻会客室", "en": "Meeting rooms", "kind": "count", "unit": "1",
    "collects": "stock", "also": "议事驿站", "bare": "", "parent": "", "general": False, "nbs": "",
}  # fmt: skip


def test_a_concept_is_tried_and_written_and_all_else_in_its_file_kept(desk: Visitor) -> None:
    tried = desk.post("/api/concept/try", {**ROOMS, "code": "", "also": "邻里客厅"}).json
    assert [one["value"] for one in tried["caught"]] == ["31", "32"]
    assert tried["diff"][-1].startswith("+draft,睦邻会客室,Meeting rooms,count,1,邻里客厅")
    assert not (desk.root / "catalog" / "concepts").exists()
    assert desk.post("/api/concept/save", {**ROOMS, "seen": ""}).json["file"] == "catalog/concepts/own.csv"
    path = desk.root / "catalog" / "concepts" / "own.csv"
    head, line = path.read_text(encoding="utf-8").splitlines()
    by_hand = f'{head}\r\n# 手写\r\n{line}\r\nparks_2,郊野公园,"Parks, rural",count,1,,,,stock,,'
    path.write_text(by_hand, encoding="utf-8", newline="")
    seen = Form(desk.get("/concepts/meeting_rooms").text).fields["seen"]
    assert desk.post("/api/concept/save", {**ROOMS, "seen": "another"}).status == 409
    assert desk.post("/api/concept/save", {**ROOMS, "also": "郊野公园", "seen": seen}).status == 422
    assert desk.post("/api/concept/save", {**ROOMS, "kind": "counts", "seen": seen}).status == 422
    assert path.read_bytes().decode() == by_hand
    assert desk.post("/api/concept/save", {**ROOMS, "also": "议事驿站 话吧", "seen": seen}).status == 200
    changed = by_hand.replace("议事驿站", "议事驿站 话吧")
    assert path.read_bytes().decode() == changed + "\r\n"
    load_catalog(desk.root / "catalog")


def test_a_name_goes_to_the_concept_of_an_indicator_and_only_with_a_unit_of_its_own(desk: Visitor) -> None:
    subject = {"subject": "地区总产出", "kind": "money", "code": "CNY"}
    assert desk.post("/api/synonym", {**subject, "known": "no_such"}).status == 409
    assert desk.post("/api/synonym", {**subject, "known": "gdp", "kind": "count", "code": "1"}).status == 422
    written = desk.post("/api/synonym", {**subject, "known": "gdp"}).json["file"]
    catalog = load_catalog(desk.root / "catalog")
    assert "地区总产出" in catalog.concepts.concepts["gross_domestic_product"].also
    assert (desk.root / written).read_text(encoding="utf-8").count(
        "\n"
    ) > 5  # with the rest of the packaged one


def test_what_a_concept_would_take_from_another_is_said_while_it_is_tried(desk: Visitor) -> None:
    (desk.root / "raw" / "parks.txt").write_text("全区共有街道公共图书馆12座。\n", encoding="utf-8")
    form = {**ROOMS, "code": "branch_libraries", "zh": "街道公共图书馆", "also": ""}
    tried = desk.post("/api/concept/try", form).json
    (conflict,) = tried["conflicts"]
    assert conflict.endswith("→ 街道公共图书馆"), conflict
    (desk.root / "raw" / "parks.txt").unlink()


def test_what_a_figure_counts_is_corrected_and_its_sentence_kept(desk: Visitor) -> None:
    figures = pd.read_csv(desk.root / "output" / "latest" / "data" / "quantities.csv")
    row = figures[figures["text"] == "1201人次"].iloc[0]
    entry = {
        "action": "correct", "target": {"quantity": row["quantity_id"]}, "expect": {"text": "1201人次"},
        "frame": {"subject": "客厅读者", "region": "410103", "period": "2026-09"}, "reason": "所数是读者",
        "officer": OFFICER, "date": "2026-11-05",
    }  # fmt: skip
    write_decision(desk.root / "decisions", entry)
    assert one_night(desk.root, 5).outcome == "released"
    after = pd.read_csv(desk.root / "output" / "latest" / "data" / "quantities.csv")
    changed = after[after["quantity_id"] == row["quantity_id"]].iloc[0]
    assert (changed["subject"], changed["obs_status"]) == ("客厅读者", "I")
    decisions = pd.read_csv(desk.root / "output" / "latest" / "data" / "decisions.csv")
    assert "subject = 客厅读者" in decisions["value"].tolist()[0]
    (decision, seen), *_ = read_decisions(desk.root / "decisions")
    assert desk.post("/api/decision/withdraw", {"id": decision.id, "seen": seen}).status == 200


def test_a_file_that_people_broke_is_a_page_that_says_so(desk: Visitor) -> None:
    path = desk.root / "decisions" / "broken.yaml"
    path.write_text("decisions: [", encoding="utf-8")
    for screen in ("/", "/queue", "/decisions"):
        answer = desk.get(screen)
        assert answer.status == 409
        assert "broken.yaml" in answer.text
    path.unlink()
    assert desk.get("/queue").status == 200


def test_releases_are_verified_and_pruned(desk: Visitor) -> None:
    assert desk.post("/api/verify", {"version": "2026.11.1"}).json == {"problems": []}
    assert desk.post("/api/verify", {"version": "../x"}).status == 409
    assert desk.post("/api/prune", {"keep": 0}).status == 422
    gone = desk.post("/api/prune", {"keep": 2}).json["gone"]
    assert gone[0] == "2026.11.1"
    assert json.dumps(gone)


def test_a_dry_night_says_what_would_be_released_and_changes_nothing(desk: Visitor) -> None:
    output = desk.root / "output"
    before = {path: path.stat().st_mtime_ns for path in (output / "releases").rglob("*")}
    index = (output / "releases" / "index.json").read_bytes()
    (desk.root / "raw" / "more.txt").write_text("云岭镇建成口袋公园15个。\n", encoding="utf-8")
    with dry_project(project(desk.root)) as aside:
        assert night(aside, now=dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)).outcome == "released"
    assert {path: path.stat().st_mtime_ns for path in (output / "releases").rglob("*")} == before
    assert (output / "releases" / "index.json").read_bytes() == index
    changed = pd.read_csv(output / ".dry" / "latest" / "data" / "changes.csv")
    assert "added" in set(changed["change"])
    assert not (output / ".dry" / "site").exists()
    (desk.root / "raw" / "more.txt").unlink()


def test_training_is_a_process_that_is_followed_and_its_weights_are_put_away_again(desk: Visitor) -> None:
    assert desk.post("/api/run", {"kind": "learn"}).status == 409
    assert desk.post("/api/run", {"kind": "train"}).status == 200
    followed = desk.get("/api/run/events").text
    assert "decisions/bank holds 0 marked sentences" in followed
    assert '"code": 2, "kind": "train"' in followed
    weights = desk.served.desk.own_catalog() / "weights.txt"
    weights.write_text("# of another version\n", encoding="utf-8")
    assert "The weights that were learnt are in use" in desk.get("/decisions").text
    assert desk.post("/api/untrain", {}).status == 200
    assert not weights.exists()
