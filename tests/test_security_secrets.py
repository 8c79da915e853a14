"""Users and passwords in URLs are refused where they are given, and shown nowhere."""

from __future__ import annotations

import io
import json
import logging
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nights import night

from pipeline.cli import main
from pipeline.errors import WenshuError, masked, one_line
from pipeline.logs import log_event, log_to_stderr
from pipeline.project import load_project
from pipeline.remote import remote_filesystem, require_no_credentials

SECRET = "Wo0rd/of+mine"
URLS = [
    f"s3://AKIA:{SECRET}@bucket/raw",
    "s3://AKIAWo0rd@bucket/raw",
    "sftp://officer:Wo0rd@host/raw",
    "https://Wo0rd@host/raw?x=1",
    "abfs://container:Wo0rd@account/raw",
    "simplecache::s3://AKIA:Wo0rd@bucket/raw",
    "filecache::zip://a.csv::s3://AKIA:Wo0rd@bucket/a.zip",
    "ftp://officer:Wo0rd@[::1]:21/raw",
]
OPEN = [
    "s3://bucket/raw", "s3://bucket/a@b/c", "tcp://10.0.0.1:8786", "abfs://container@account/raw",
    "file://" + "/srv/a:b@c", "https://[::1]:80/a@b", "memory://there", "officer@host:path", "mail",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_a_url_with_a_user_or_password_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(WenshuError, match="put them into the environment") as caught:
        require_no_credentials(url)
    assert "Wo0rd" not in str(caught.value)
    assert "***@" in str(caught.value)
    with pytest.raises(WenshuError, match="environment"), remote_filesystem(url, "all is as it was"):
        pass


@pytest.mark.parametrize("url", OPEN)
def test_another_url_is_taken_as_it_is(url: str) -> None:
    assert require_no_credentials(url) == url


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize(
    "setting", ["paths.raw", "publish.url", "read.dask", "notify.command"]
)  # fmt: skip
def test_wenshu_toml_holds_no_secret_url_and_its_answer_shows_none(
    tmp_path: Path, setting: str, url: str
) -> None:
    table, _, key = setting.partition(".")
    value = json.dumps(["curl", url] if key == "command" else url)
    (tmp_path / "wenshu.toml").write_text(f"[{table}]\n{key} = {value}\n", encoding="utf-8")
    with pytest.raises(WenshuError) as caught:
        load_project(cwd=tmp_path)
    said = str(caught.value)
    assert setting in said
    assert "Wo0rd" not in said
    assert one_line(said) == said


@pytest.mark.parametrize(
    "command",
    [["run", "--raw"], ["run", "--dask"], ["issues", "--raw"], ["publish"], ["site", "build", "--raw"]],
)
def test_a_command_line_with_a_secret_is_answered_in_a_line_without_it(
    project: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, URLS[0]]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "Wo0rd" not in said.err
    assert not (project / "output").exists()


@pytest.mark.parametrize("form", ["text", "json"])
def test_logs_show_no_secret(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    with log_to_stderr(form):
        log_event("run_started", f"reading {URLS[0]}", people=True, raw="https://host/a?sig=Wo0rd&x=1")
        try:
            raise OSError(f"no answer from {URLS[2]}")
        except OSError:
            logging.getLogger("pipeline").exception("gone: %s", URLS[0])
    assert "Wo0rd" not in said.getvalue()
    assert "***" in said.getvalue()
    if form == "json":
        assert all(json.loads(line) for line in said.getvalue().splitlines())


@given(
    st.text(st.characters(exclude_characters=" '\"<>\n", exclude_categories=["Z", "C"]), min_size=1),
    st.sampled_from(["s3", "https"]),
)
def test_whatever_stands_before_the_host_is_masked(secret: str, scheme: str) -> None:
    assert masked(f"asked {scheme}://{secret}@host in vain") == f"asked {scheme}://***@host in vain"
    assert masked(secret.replace("://", "")) == secret.replace("://", "")


def test_masking_is_linear_in_a_text_of_nothing_but_urls() -> None:
    assert masked("://" * 30_000) == "://" * 30_000


TELLER = "import sys; print('token Wo0rd', file=sys.stderr); sys.exit(3)"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ((sys.executable, "-c", TELLER, "--token=Wo0rd"), " ended with code 3; "),
        (("/nonexistent/Wo0rd/teller", "--token=Wo0rd"), "not sent: teller could not be started: "),
        (("mail-that-is-not-there", "Wo0rd"), "mail-that-is-not-there could not be started: No such file"),
    ],
)
def test_a_notification_that_fails_is_named_by_its_command_and_nothing_else(
    tmp_path: Path, raw: Path, command: tuple[str, ...], says: str
) -> None:
    told = replace(load_project(raw=raw, output=tmp_path / "output"), notify=command)
    run = night(told)
    assert says in run.note
    for path in (tmp_path / "output").rglob("*"):
        if path.is_file():
            assert b"Wo0rd" not in path.read_bytes(), path


def test_what_a_night_failed_of_is_recorded_without_a_secret(tmp_path: Path, raw: Path) -> None:
    def broken(name: str, stage: object, /) -> object:
        raise RuntimeError(f"proxy {URLS[0]} refused")

    project = load_project(raw=raw, output=tmp_path / "output")
    with pytest.raises(RuntimeError):
        night(project, perform=broken)
    (record,) = (tmp_path / "output" / "runs").glob("*/run.json")
    assert "s3://***@bucket" in record.read_text(encoding="utf-8")
    for path in (tmp_path / "output").rglob("*"):
        if path.is_file():
            assert b"Wo0rd" not in path.read_bytes(), path
