"""Who decides: asked once, and kept on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import WenshuError
from pipeline.safe_files import staged_file

_LONGEST = 100


def home_of_settings() -> Path:
    """The folder in which this machine keeps what is known of its user."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or Path.home() / ".config"
    return Path(base) / "wenshu"


def officer(home: Path) -> str | None:
    """The name that decisions bear; None where nobody has given one yet."""
    try:
        return (home / "officer.txt").read_text(encoding="utf-8").strip()[:_LONGEST] or None
    except (OSError, UnicodeDecodeError):
        return None


def keep_officer(home: Path, name: str) -> str:
    """Keep a name for decisions from now on. Raises `WenshuError` where it is none."""
    said = " ".join(name.split())
    if not said or len(said) > _LONGEST or not said.isprintable():
        raise WenshuError("that is no name; write yours, as it is to stand in decisions")
    home.mkdir(parents=True, exist_ok=True)
    with staged_file(home, f"{said}\n".encode()) as draft:
        draft.replace(home / "officer.txt")
    return said
