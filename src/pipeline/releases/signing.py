"""Signatures of a release's sums, by minisign and a key that the operator names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from pipeline.errors import WenshuError, one_line
from pipeline.releases.files import SIGNATURE, SUMS

_SECONDS = 30


def sign(folder: Path, version: str, secret_key: Path) -> None:
    """Sign a release's sums; WenshuError where minisign or the key is missing, or has a password."""
    if not secret_key.is_file():
        raise WenshuError(f"{one_line(str(secret_key))}, the key to sign releases with, is not there")
    comment = f"wenshu {version}"  # without the time, so that the signature is the same each time
    _minisign("-S", "-s", str(secret_key), "-m", SUMS, "-t", comment, "-c", comment, folder=folder)


def signature_problem(folder: Path, public_key: str) -> str:
    """What is wrong with a release's signature, in one line; empty where it is valid.

    public_key: the key itself, as minisign prints it, or the path of its file.
    """
    if not (folder / SIGNATURE).is_file():
        return f"{SIGNATURE}: missing"
    key = ("-p", str(Path(public_key).resolve())) if Path(public_key).is_file() else ("-P", public_key)
    try:
        _minisign("-V", "-q", *key, "-m", SUMS, folder=folder)
    except WenshuError as error:
        return f"{SIGNATURE}: {error}"
    return ""


def _minisign(*arguments: str, folder: Path) -> None:
    command = shutil.which("minisign")
    if command is None:
        raise WenshuError("minisign is not installed; install it, or take its keys out of wenshu.toml")
    try:
        result = subprocess.run(
            [command, *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise WenshuError(
            "minisign does not end; is the key one without a password (minisign -GW)?"
        ) from error
    if result.returncode:
        output = (result.stderr or result.stdout).decode(errors="replace").strip().splitlines()
        raise WenshuError(f"minisign: {one_line(output[-1] if output else str(result.returncode))}")
