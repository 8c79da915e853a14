"""Publish releases to any place that fsspec knows: s3://, file://, memory:// and their kin.

    URL/releases/VERSION/     as on disk; its SHA256SUMS is written last, and marks it whole
    URL/releases/VERSION.duckdb
    URL/site/                 the download site, its front page last
    URL/releases/index.json
    URL/latest/data/TABLE.csv, TABLE.parquet, wenshu.xlsx: those of the latest, at addresses that stay
    URL/latest.json           version, path, sha256 of SHA256SUMS, verdict, changes, files: last of all

Such a place knows no rename and no link, but one object is put there whole or not at all.
So whoever reads latest.json and then the release that it names always has a whole one,
and a publication that was cut short is finished by the next.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.logs import log_event
from pipeline.releases.digests import SIGNATURE, SUMS, file_digest, parse_sums
from pipeline.releases.index import parse_index, write_index
from pipeline.releases.remote_files import AT_ONCE, bring, read, send_files, write
from pipeline.releases.store import PROVENANCE, ReleaseStore, open_store
from pipeline.remote import remote_filesystem, with_retries

POINTER = "latest.json"
MANIFEST = ".pages"
"""Of the site's files, the one that says of what each page was made: see `pipeline.site.site_draft`."""
_KEPT = f"{POINTER} there is as it was"
_NOTHING = "nothing was brought"
_COMPARED = (PROVENANCE, "dictionary.csv")
"""What a comparison asks of a release beside its tables."""


def send(output: Path, url: str) -> str | None:
    """Publish what is below `output` to the URL; the version that its pointer names now.

    What is there already is not sent again. None where nothing was released yet. Raises
    WenshuError, with the pointer as it was, where the place cannot be reached or written.
    """
    with open_store(output) as store, remote_filesystem(url, _KEPT) as (fs, root):
        latest = store.latest()
        if latest is None:
            return None
        _send_releases(fs, root, store)
        _send_site(fs, root, store)
        write(fs, f"{root}/releases/index.json", (store.releases / "index.json").read_bytes())
        _send_latest(fs, root, store, latest)
        pointer = {
            **store.index().get("latest", {}),
            "version": latest,
            "path": f"releases/{latest}/",
            "sha256": file_digest(store.folder(latest) / SUMS),
        }
        said = json.dumps(pointer, indent=1).encode() + b"\n"
        if read(fs, f"{root}/{POINTER}") != said:
            write(fs, f"{root}/{POINTER}", said)
        return latest


def fetch(url: str, output: Path) -> str | None:
    """Bring the latest release from the URL to an output folder that has none, as on a new machine.

    The next night then numbers and compares its release as if it had always run here. The
    version brought, or None where there was nothing to bring or a release is here already.
    """
    with open_store(output) as store, store.draft() as draft, remote_filesystem(url, _KEPT) as (fs, root):
        pointer = read(fs, f"{root}/{POINTER}")
        if store.latest() or pointer is None:
            return None
        version = _version(pointer, url)
        folder, database = draft / "release", draft / "wenshu.duckdb"
        for path, digest in _sums(fs, f"{root}/releases/{version}", pointer, url):
            bring(fs, f"{root}/releases/{version}/{path}", folder / path, digest)
        bring(fs, f"{root}/releases/{version}/{SUMS}", folder / SUMS)
        with suppress(FileNotFoundError):  # as it is where releases are not signed
            bring(fs, f"{root}/releases/{version}/{SIGNATURE}", folder / SIGNATURE)
        bring(fs, f"{root}/releases/{version}.duckdb", database)
        index = parse_index(read(fs, f"{root}/releases/index.json") or b"")
        store.place(folder, database, version)
        store.point(version)
        if index is not None:
            write_index(output, index)
        store.enter(version, None)
        return version


@contextmanager
def brought(url: str) -> Iterator[Path]:
    """The folder of a release that is at the URL, brought here for as long as the context lasts.

    url: of a release's folder, of latest/, or of the place that releases are published at, whose
    latest one counts. Raises WenshuError where there is none, or a file is not as its sums say.
    """
    with (
        tempfile.TemporaryDirectory(prefix="wenshu-") as here,
        remote_filesystem(url.rstrip("/"), _NOTHING) as (fs, root),
    ):
        root = _where(fs, root, url)
        folder = Path(here) / "releases" / "brought"
        for path, digest in _inside(read(fs, f"{root}/{SUMS}") or b"", url):
            if path in _COMPARED or (path.startswith("data/") and path.endswith(".parquet")):
                bring(fs, f"{root}/{path}", folder / path, digest)
        yield folder


def _where(fs: Any, root: str, url: str) -> str:
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


def bring_file(url: str, path: str, here: Path) -> None:
    """Bring one file of what is published at the URL; WenshuError where it is not there."""
    with remote_filesystem(url, _NOTHING) as (fs, root):
        bring(fs, f"{root}/{path}", here)


def continue_from(url: str | None, output: Path) -> None:
    """Before a night: on a new machine, go on from what is published at the project's URL.

    Where that is away the night goes on without it, and says so.
    """
    if not url or ReleaseStore(output).latest():
        return
    try:
        version = fetch(url, output)
    except (WenshuError, OSError) as error:
        with open_store(output):  # what is wrong here, and not there, is not passed over
            log_event("note", f"not gone on from what is published: {one_line(str(error))}", people=True)
        return
    if version:
        place_ = one_line(url)
        log_event(
            "going_on", f"going on from {version} of {place_}", people=True, version=version, url=place_
        )


def send_after_release(url: str | None, output: Path) -> str:
    """Publish to the project's URL, if it has one; what went wrong in one line, else empty."""
    try:
        if url:
            send(output, url)
    except (WenshuError, OSError) as error:
        return f"not published at its URL: {one_line(str(error))}; mend this, then `wenshu publish`"
    return ""


def _send_releases(fs: Any, root: str, store: ReleaseStore) -> None:
    """The releases that are not there, one after another; of years of them many are asked for at once."""
    versions = store.versions()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        known = pool.map(lambda version: read(fs, f"{root}/releases/{version}/{SUMS}"), versions)
        for version, sums in zip(versions, known, strict=True):
            _send_release(fs, root, store, version, sums)


def _send_release(fs: Any, root: str, store: ReleaseStore, version: str, found: bytes | None) -> None:
    """The release's files, its sums last; nothing where these are there already. found: the sums there."""
    folder, there = store.folder(version), f"{root}/releases/{version}"
    sums = (folder / SUMS).read_bytes()
    if found == sums:
        return
    if found is not None:
        raise WenshuError(
            f"{one_line(there)} holds another release of the same version; it was published from elsewhere. "
            "Give this output another URL, or bring that release here first"
        )
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != SUMS]
    pairs = [(path, f"{there}/{path.relative_to(folder).as_posix()}") for path in files]
    if store.database(version).is_file():
        pairs.append((store.database(version), f"{there}.duckdb"))
    send_files(fs, pairs)
    write(fs, f"{there}/{SUMS}", sums)


def _send_latest(fs: Any, root: str, store: ReleaseStore, version: str) -> None:
    """The files of the latest release that have an address which stays; those that are gone are taken away.

    Nothing holds them together as they are replaced: who reads several of one release goes by latest.json.
    """
    folder, there = store.folder(version), f"{root}/latest"
    sums = (folder / SUMS).read_bytes()
    if read(fs, f"{there}/{SUMS}") == sums:
        return
    files = [*(folder / "data").iterdir(), *(path for path in folder.iterdir() if path.is_file())]
    names = {path.relative_to(folder).as_posix(): path for path in files if path.name != SUMS}
    send_files(fs, [(path, f"{there}/{name}") for name, path in names.items()])
    write(fs, f"{there}/{SUMS}", sums)
    _leave_only(fs, there, {*names, SUMS})


def _send_site(fs: Any, root: str, store: ReleaseStore) -> None:
    """The site: first the releases in it, then what pages need, then pages, the front pages last.

    Pages that are there of the same inputs are not sent again. The manifest there, which says so,
    goes before any page does and comes back after the last.
    """
    site, there = (store.output / "site").resolve(), f"{root}/site"
    if not site.is_dir():
        return
    _send_releases(fs, there, store)
    if latest := store.latest():
        _send_latest(fs, there, store, latest)
    files = {path.relative_to(site).as_posix(): path for path in _files(site)}
    known = read(fs, f"{there}/{MANIFEST}")
    if known is not None:
        with_retries(lambda: fs.rm_file(f"{there}/{MANIFEST}"))
    sent = sorted(
        files.keys() - _unchanged(known, site / MANIFEST) - {MANIFEST},
        key=lambda name: (name.endswith(".html"), name.endswith("index.html"), name),
    )
    front = [name for name in sent if name.endswith("index.html")]
    for names in (sent[: len(sent) - len(front)], front):
        send_files(fs, [(files[name], f"{there}/{name}") for name in names])
    write(fs, f"{there}/releases/index.json", (store.releases / "index.json").read_bytes())
    kept = {*files, "releases/index.json", *(f"releases/{version}.duckdb" for version in store.versions())}
    _leave_only(fs, there, kept, ("latest/", *(f"releases/{version}/" for version in store.versions())))
    if MANIFEST in files:
        send_files(fs, [(files[MANIFEST], f"{there}/{MANIFEST}")])


def _leave_only(fs: Any, there: str, kept: Collection[str], folders: tuple[str, ...] = ()) -> None:
    """Take away what is there beside these files and what is in these folders."""
    base = fs._strip_protocol(there)
    found = {name: posixpath.relpath(name, base) for name in with_retries(lambda: fs.find(base))}
    if old := [name for name, path in found.items() if path not in kept and not path.startswith(folders)]:
        with_retries(lambda: fs.rm(old))


def _files(site: Path) -> Iterator[Path]:
    """The site's files, those too of the folders that it links to, but not the releases."""
    links = [path for path in site.iterdir() if path.is_symlink() and path.name not in ("releases", "latest")]
    for folder in (site, *links):
        yield from (path for path in folder.rglob("*") if path.is_file())


def _unchanged(known: bytes | None, manifest: Path) -> set[str]:
    """The pages that a manifest has of the same inputs and with the same bytes as the site has.

    Each has a line of the manifest: digest, check sum, path.
    """
    if known is None or not manifest.is_file():
        return set()
    same = {*known.splitlines()} & {*manifest.read_bytes().splitlines()}
    return {line.decode().split(" ", 2)[2] for line in same}


def _version(pointer: bytes, url: str) -> str:
    try:
        version = json.loads(pointer)["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise WenshuError(f"{one_line(url)}/{POINTER} is damaged; publish there again") from error
    if not isinstance(version, str) or not all(part.isdecimal() for part in version.split(".")):
        raise WenshuError(f"{one_line(url)}/{POINTER} names no version; publish there again")
    return version


def _sums(fs: Any, there: str, pointer: bytes, url: str) -> Iterator[tuple[str, str]]:
    """Every file of the release there and its digest, once the sums are those that the pointer means."""
    sums = read(fs, f"{there}/{SUMS}") or b""
    if hashlib.sha256(sums).hexdigest() != json.loads(pointer).get("sha256"):
        raise WenshuError(f"{one_line(url)}: its latest release is not the one that {POINTER} names")
    yield from _inside(sums, url)
    if PROVENANCE not in sums.decode():
        raise WenshuError(f"{one_line(url)}: its latest release has no {PROVENANCE}")


def _inside(sums: bytes, url: str) -> Iterator[tuple[str, str]]:
    """The files of a release and their digests, as its sums say; none that would lead out of it."""
    for path, digest in parse_sums(sums).items():
        if path.startswith("/") or ".." in path.split("/"):
            raise WenshuError(f"{one_line(url)}: {one_line(path)} is no path inside a release")
        yield path, digest
