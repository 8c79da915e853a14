"""Recognition: a scan's text, by the OCR command of the project."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace

from pipeline.errors import one_line
from pipeline.texts.formats import Article

_TIMEOUT = 600.0
"""Seconds that recognising one document may take."""


def recognize(article: Article, command: Sequence[str]) -> Article:
    """The article, with its text where it is a scan and the command reads it.

    command: word by word; the PDF is on its stdin, the text on its stdout. None for nobody who reads scans.
    """
    if not (article.scan and command):
        return article
    try:
        done = subprocess.run(command, input=article.scan, capture_output=True, timeout=_TIMEOUT, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        errors = (getattr(error, "stderr", None) or b"").decode("utf-8", "replace").strip().splitlines()[-1:]
        why = one_line(errors[0] if errors else str(error))[:200]
        return replace(article, reason=f"is a scan, and the command of [read] ocr failed: {why}")
    text = done.stdout.decode("utf-8", "replace").replace("\f", "\n")
    if not text.strip():
        return replace(article, reason="is a scan in which the command of [read] ocr finds no text")
    return replace(article, text=text, reason=None, notes=("recognised from a picture (OCR): compare it",))
