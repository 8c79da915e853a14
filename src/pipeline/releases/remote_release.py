"""A release at a URL, as far as it is compared: its tables and what it says of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.releases.digests import SUMS, read_sums
from pipeline.releases.remote_files import bring, read
from pipeline.releases.store import PROVENANCE
from pipeline.remote import place

_KEPT = "nothing was brought"
_WANTED = (PROVENANCE, "dictionary.csv")


@contextmanager
def brought(url: str) -> Iterator[Path]:
    """The folder of a release that is at the URL, brought here for as long as the context lasts.

    url: of a release's folder, of latest/, or of the place that releases are published at, whose
    latest one counts. Raises WenshuError where there is none, or a file is not as its sums say.
    """
    with (
        tempfile.TemporaryDirectory(prefix="wenshu-") as here,
        place(url.rstrip("/"), _KEPT) as (fs, root),
    ):
        root = _release(fs, root, url)
        folder = Path(here) / "releases" / "brought"
        bring(fs, f"{root}/{SUMS}", folder / SUMS)
        for path, digest in read_sums(folder).items():
            if path in _WANTED or (path.startswith("data/") and path.endswith(".parquet")):
                if ".." in path.split("/"):
                    raise WenshuError(f"{one_line(url)}: {one_line(path)} is no path inside a release")
                bring(fs, f"{root}/{path}", folder / path, digest)
        yield folder


def _release(fs: Any, root: str, url: str) -> str:
    """Where the release's own files are."""
    if read(fs, f"{root}/{SUMS}") is not None:
        return root
    try:
        path = json.loads(read(fs, f"{root}/latest.json") or b"")["path"]
    except (ValueError, TypeError, KeyError) as error:
        raise WenshuError(
            f"{one_line(url)} is no release; name the address of one, of latest/, or of what is published"
        ) from error
    return f"{root}/{str(path).strip('/')}"
