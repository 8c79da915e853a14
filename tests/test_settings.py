"""wenshu.toml: every key that a document names changes a result; a wrong one is answered in a line."""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from breaking import COMMAND, environment
from nights import night
from reading import SENTENCES, write

from pipeline.cli import main
from pipeline.errors import WenshuError, one_line
from pipeline.night.run_night import run_night as whole_night
from pipeline.project import load_project, packaged_path

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)


def toml(folder: Path, text: str) -> None:
    (folder / "wenshu.toml").write_text(text, encoding="utf-8")


def released(folder: Path, now: datetime = NOON) -> Path:
    """The data of the project's release."""
    run = night(load_project(cwd=folder), now=now)
    assert run.outcome in ("released", "unchanged"), run.note
    return folder / "output" / "latest" / "data"


def places_and_command(folder: Path) -> None:
    """A night that reads and writes elsewhere, and tells a command of it."""
    write(folder / "文章", b=SENTENCES[1])
    teller = 'import os, pathlib; pathlib.Path("told").write_text(os.environ["WENSHU_OUTCOME"])'
    toml(
        folder,
        '[paths]\nraw = "文章"\noutput = "out"\n'
        f"[notify]\ncommand = {json.dumps([sys.executable, '-c', teller])}\n",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        night(load_project(cwd=folder), now=NOON)
    assert "89" in (folder / "out" / "latest" / "data" / "quantities.csv").read_text(encoding="utf-8")
    assert not (folder / "output").exists()
    assert (folder / "told").read_text() == "released"


def catalog(folder: Path) -> None:
    write(folder / "raw", a="全市计划改造老旧小区487个。")
    shutil.copytree(packaged_path("catalog"), folder / "目录")
    for path in (folder / "目录" / "indicators").glob("*"):
        path.write_text("indicators: []\n", encoding="utf-8")
    toml(folder, '[paths]\ncatalog = "目录"\n')
    with pytest.raises(WenshuError, match="目录"):
        night(load_project(cwd=folder), now=NOON)


def expectations(folder: Path) -> None:
    write(folder / "raw", b=SENTENCES[1])
    shutil.copytree(packaged_path("expectations"), folder / "checks")
    path = folder / "checks" / "documents.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    more = {
        "type": "expect_table_row_count_to_be_between",
        "kwargs": {"min_value": 2},
        "severity": "critical",
        "meta": {"check": "many", "description": {"zh": "至少两篇", "en": "two at least"}},
    }
    suite["expectations"].append(more)
    path.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")
    toml(folder, '[paths]\nexpectations = "checks"\n')
    withheld = night(load_project(cwd=folder), now=NOON)
    assert withheld.outcome == "withheld"
    assert [finding["check"] for finding in withheld.findings] == ["documents.many"]


def decisions(folder: Path) -> None:
    write(folder / "raw", b=SENTENCES[1])
    (folder / "officers").mkdir()
    (folder / "officers" / "a.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    toml(folder, '[paths]\ndecisions = "officers"\n')
    with pytest.raises(WenshuError, match=r"a\.yaml"):
        night(load_project(cwd=folder), now=NOON)


def cron(folder: Path) -> None:
    toml(folder, '[schedule]\ncron = "30 1 * * 1-5"\n')
    friday = datetime(2026, 5, 8, 3, tzinfo=UTC)
    assert f"{load_project(cwd=folder).next_night(friday):%A %H:%M}" == "Monday 01:30"


def timezone(folder: Path) -> None:
    write(folder / "raw", b=SENTENCES[1])
    evening = datetime(2026, 5, 4, 22, tzinfo=UTC)
    toml(folder, '[schedule]\ntimezone = "Europe/London"\n')
    assert load_project(cwd=folder).next_night(evening).isoformat() == "2026-05-05T02:00:00+01:00"
    assert released(folder, evening).resolve().parent.name == "2026.5.4"
    toml(folder, "")
    shutil.rmtree(folder / "output")
    assert released(folder, evening).resolve().parent.name == "2026.5.5"


def processes(folder: Path) -> None:
    weather = SENTENCES[3] * 5000
    write(folder / "raw", **{f"n{n}": weather + "好" * n for n in range(16)})

    for number in (3, 1):
        counted: list[int] = []

        def tick(done: int, total: int, counted: list[int] = counted) -> None:
            counted.append(len(multiprocessing.active_children()))

        toml(folder, f"[read]\nprocesses = {number}\n")
        shutil.rmtree(folder / "output", ignore_errors=True)
        night(load_project(cwd=folder), now=NOON, watch=lambda stage, tick=tick: nullcontext(tick))
        assert max(counted) == number


def dask(folder: Path) -> None:
    pytest.importorskip("distributed", reason="distributed is not here: it comes with wenshu[dask]")
    write(folder / "raw", b=SENTENCES[1])
    toml(folder, '[read]\ndask = "tcp://127.0.0.1:9"\n')
    with pytest.raises(WenshuError, match=r"tcp://127\.0\.0\.1:9"):
        night(load_project(cwd=folder), now=NOON)


def log_format(folder: Path) -> None:
    (folder / "raw").mkdir()
    toml(folder, '[log]\nformat = "json"\n')
    done = subprocess.run(COMMAND, cwd=folder, env=environment(folder), capture_output=True, text=True)
    assert done.returncode == 2
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()][-1] == "error"


def notify_block(folder: Path) -> None:
    write(folder / "raw", b=SENTENCES[1])
    toml(folder, '[notify]\nblock = "slack-webhook/nobody"\n')
    done = subprocess.run(COMMAND, cwd=folder, env=environment(folder), capture_output=True, text=True)
    assert done.returncode == 0
    assert "the notification block slack-webhook/nobody was not told" in done.stderr


def _attributed(folder: Path, setting: str, value: str, said: str) -> None:
    """The setting makes a release of its own, of the same data, and the release says it."""
    write(folder / "raw", b=SENTENCES[1])
    before = released(folder).resolve()
    toml(folder, f'[release]\n{setting} = "{value}"\n')
    after = released(folder).resolve()
    assert after != before
    assert said in (after.parent / "datapackage.json").read_text(encoding="utf-8")
    assert (after / "quantities.csv").read_bytes() == (before / "quantities.csv").read_bytes()
    assert released(folder).resolve() == after, "and not another one each night"


def licence(folder: Path) -> None:
    _attributed(folder, "licence", "CC0-1.0", "CC0-1.0")


def publisher(folder: Path) -> None:
    _attributed(folder, "publisher", "数据办公室", "数据办公室")


def publish_url(folder: Path) -> None:
    pytest.importorskip("fsspec", reason="fsspec is not here: it comes with wenshu[s3]")
    write(folder / "raw", b=SENTENCES[1])
    toml(folder, f'[publish]\nurl = "{(folder / "there").as_uri()}"\n')
    whole_night(load_project(cwd=folder))
    assert (folder / "there" / "releases" / "index.json").is_file()


KEYS = {
    **dict.fromkeys(("paths.raw", "paths.output", "notify.command"), places_and_command),
    "paths.catalog": catalog, "paths.expectations": expectations, "paths.decisions": decisions,
    "schedule.cron": cron, "schedule.timezone": timezone,
    "read.processes": processes, "read.dask": dask, "log.format": log_format,
    "notify.block": notify_block, "release.licence": licence,
    "release.publisher": publisher, "publish.url": publish_url,
}  # fmt: skip


ELSEWHERE = {
    "limits.articles": "test_articles.py",
    "limits.bytes": "test_containment.py",
    "limits.memory": "test_executor.py",
    "limits.numerals": "test_containment.py",
    "limits.seconds": "test_executor.py",
    "notify.to": "test_notify.py",
    "read.ocr": "test_pdf_pages.py",
    "read.personal": "test_personal.py",
    **{
        f"release.{name}": "test_describe.py"
        for name in ("base_url", "contact", "spatial", "temporal", "theme", "doi")
    },
    "release.language": "test_workbook.py",
    "site.title": "test_site_look.py",
    "site.logo": "test_site_look.py",
    "release.signing_key": "test_signing.py",
    "release.public_key": "test_signing.py",
}
"""Keys whose effect the tests of what they are for show."""


DEAR = (
    *("notify.block", "read.dask", "read.processes", "release.publisher", "release.licence"),
    *("schedule.timezone", "publish.url"),
)
"""What takes a server, a cluster, processes of its own, or more than one night."""


TRIED = {changes: key for key, changes in KEYS.items()}


@pytest.mark.parametrize(
    "changes", [pytest.param(each, marks=[pytest.mark.soak] * (key in DEAR)) for each, key in TRIED.items()]
)
def test_each_key_changes_a_result(changes: Callable[[Path], None], tmp_path: Path) -> None:
    changes(tmp_path)


def test_there_are_no_other_keys_and_the_readme_names_no_other_ones(root: Path, tmp_path: Path) -> None:
    toml(tmp_path, "zzz = 1\n")
    with pytest.raises(WenshuError) as caught:
        load_project(cwd=tmp_path)
    keys = set(re.findall(r"\w+\.\w+", str(caught.value).partition("there are ")[2]))
    assert keys == KEYS.keys() | ELSEWHERE.keys()
    for key, file in ELSEWHERE.items():
        assert key.partition(".")[2] in (root / "tests" / file).read_text(encoding="utf-8")
    for name in ("README.md", "README.zh.md"):
        table, named = "", set()
        for line in (root / name).read_text(encoding="utf-8").splitlines():
            if found := re.match(r" {4}\[(\w+)\]", line):
                table = found[1]
            elif table and (found := re.match(r" {4}(\w+) = ", line)):
                named.add(f"{table}.{found[1]}")
        assert KEYS.keys() <= named <= keys, name


NEVER = [
    *("", "0 2 * *", "0 2 * * * *", "60 2 * * *", "0 25 * * *", "0 2 32 * *", "0 2 * 13 *", "0 2 * * 8"),
    *("0 2 30 2 *", "@daily", "* * * * x", "5-1 * * * *", "*/0 * * * *", "٠ 2 * * *"),
]


@pytest.mark.parametrize("cron", NEVER)
def test_a_cron_that_never_comes_is_answered_when_it_is_read(tmp_path: Path, cron: str) -> None:
    toml(tmp_path, f'[schedule]\ncron = "{cron}"\n')
    with pytest.raises(WenshuError, match=r"schedule\.cron is .*; give five cron fields") as caught:
        load_project(cwd=tmp_path)
    assert one_line(str(caught.value)) == str(caught.value)


@pytest.mark.parametrize("cron", ["0 2 * * *", "*/15 0-6 1,15 * mon-fri", "0 2 L * *", "30 1 * JAN sun"])
def test_prefect_takes_every_cron_that_the_settings_take(tmp_path: Path, cron: str) -> None:
    from prefect.schedules import Cron

    toml(tmp_path, f'[schedule]\ncron = "{cron}"\n')
    assert Cron(load_project(cwd=tmp_path).cron, timezone="Asia/Shanghai").cron == cron


@pytest.mark.parametrize("port", ["80000", "65536", "-1", "http", "8e3", "1" * 5000, "٨٠"])
def test_a_port_that_there_is_not_is_answered_in_a_line(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site", "serve", f"--port={port}"]) == 2
    said = capsys.readouterr().err
    assert "is no port from 1 to 65535" in said
    assert len(said.splitlines()) == 1
