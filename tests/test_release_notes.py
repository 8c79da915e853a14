"""RELEASE.md: what changed since the release before, and whether to download again."""

from __future__ import annotations

from pathlib import Path

from handmade import quantity, released, small


def test_release_notes_are_ten_lines_in_both_languages(tmp_path: Path) -> None:
    released(tmp_path)
    changed = (quantity(0, 487), quantity(1, "0.5"), quantity(2, "-3.25"))
    release = released(tmp_path, small(*changed), rules="new").folder
    lines = [line for line in (release / "RELEASE.md").read_text(encoding="utf-8").splitlines() if line]
    assert len(lines) == 10
    assert lines[1] == "要重新下载吗？需要：已发布的数字有改动或撤回。"
    assert lines[2] == "Download again? Yes: figures published before were changed or withdrawn."
    assert lines[3].startswith("与 2026.11.22 相比，数字：数量 减 1 改 2。共增 0 行，")
    assert lines[4].startswith(
        "Since 2026.11.22, figures: Quantities 1 removed, 2 changed. In all 0 rows added"
    )
    assert "rules" in lines[5]


def test_release_notes_tell_whether_to_download_again(tmp_path: Path) -> None:
    nights = (
        ((487, 89, 203, 195), 1, "The first release"),
        ((487, 89, 203, 195), 1, None),
        ((487, 89, 203, 195), 11, "No: the figures"),
        ((487, 89, 203, 195, 7), 11, "Only for the new figures"),
        ((487, 89, 203, 195), 11, "Yes: figures"),
    )
    for values, apart, says in nights:
        release = released(tmp_path, small(*(quantity(n, v, start=n * apart) for n, v in enumerate(values))))
        assert release.new == (says is not None)
        if says:
            assert f"Download again? {says}" in (release.folder / "RELEASE.md").read_text(encoding="utf-8")
