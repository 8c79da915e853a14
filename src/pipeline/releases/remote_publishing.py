"""Publish releases to any URL that fsspec knows: s3://, file://, memory:// and others.

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
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError, one_line
from pipeline.logs import log_event
from pipeline.releases import remote_files
from pipeline.releases.files import SIGNATURE, SUMS, parse_sums, paths_below
from pipeline.releases.index import PROVENANCE, parse_index, write_index
from pipeline.releases.remote_files import TRANSFERS, read, send_files, write
from pipeline.releases.store import ReleaseStore, open_store
from pipeline.remote import remote_filesystem, with_retries
from pipeline.safe_files import file_digest

POINTER = "latest.json"
MANIFEST = ".pages"
"""Of the site's files, the one that says what each page was made from: see `pipeline.site.site_draft`."""
_POINTER_UNCHANGED = f"{POINTER} there is as it was"
_NOTHING_FETCHED = "nothing was brought"
_COMPARED = (PROVENANCE, "dictionary.csv")
"""What a comparison reads of a release beside its tables."""


def send(output: Path, url: str) -> str | None:
    """Publish what is below `output` to the URL; the version that its pointer names now.

    What is there already is not sent again. None where nothing was released yet. Raises
    WenshuError, with the pointer as it was, where the place cannot be reached or written.
    """
    with open_store(output) as store, remote_filesystem(url, _POINTER_UNCHANGED) as (fs, root):
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
        content = json.dumps(pointer, indent=1).encode() + b"\n"
        if read(fs, f"{root}/{POINTER}") != content:
            write(fs, f"{root}/{POINTER}", content)
        return latest


def fetch_latest(url: str, output: Path) -> str | None:
    """Fetch the latest release from the URL to an output folder that has none, as on a new machine.

    The next night then numbers and compares its release as if it had always run here. The
    version fetched, or None where there was nothing to fetch or a release is here already.
    """
    with (
        open_store(output) as store,
        store.draft() as draft,
        remote_filesystem(url, _POINTER_UNCHANGED) as (fs, root),
    ):
        if store.latest() or (pointer := _read_pointer(fs, root, url)) is None:
            return None
        version = str(pointer["version"])
        remote = f"{root}/releases/{version}"
        folder, database = draft / "release", draft / "wenshu.duckdb"
        sums = read(fs, f"{remote}/{SUMS}") or b""
        if hashlib.sha256(sums).hexdigest() != pointer.get("sha256"):
            raise WenshuError(f"{one_line(url)}: its latest release is not the one that {POINTER} names")
        digests = _checked_sums(sums, url)
        for path, digest in digests.items():
            remote_files.fetch_file(fs, f"{remote}/{path}", folder / path, digest)
        if PROVENANCE not in digests:
            raise WenshuError(f"{one_line(url)}: its latest release has no {PROVENANCE}")
        (folder / SUMS).write_bytes(sums)
        with suppress(FileNotFoundError):  # as it is where releases are not signed
            remote_files.fetch_file(fs, f"{remote}/{SIGNATURE}", folder / SIGNATURE)
        remote_files.fetch_file(fs, f"{remote}.duckdb", database)
        index = parse_index(read(fs, f"{root}/releases/index.json") or b"")
        store.add(folder, database, version)
        store.point_to(version)
        if index is not None:
            write_index(output, index)
        store.update_index(version)
        return version


@contextmanager
def fetched_release(url: str) -> Iterator[Path]:
    """The folder of a release at the URL, fetched for as long as the context lasts.

    url: of a release's folder, of latest/, or of the place that releases are published at, whose
    latest one counts. Raises WenshuError where there is none, or a file is not as its sums say.
    """
    with (
        tempfile.TemporaryDirectory(prefix="wenshu-") as temporary,
        remote_filesystem(url.rstrip("/"), _NOTHING_FETCHED) as (fs, root),
    ):
        sums = read(fs, f"{root}/{SUMS}")
        if sums is None:
            pointer = _read_pointer(fs, root, url)
            if pointer is None:
                raise WenshuError(
                    f"{one_line(url)} is no release; name the address of one, of latest/, or of what is "
                    "published"
                )
            root = f"{root}/releases/{pointer['version']}"
            sums = read(fs, f"{root}/{SUMS}") or b""
        folder = Path(temporary) / "releases" / "fetched"
        for path, digest in _checked_sums(sums, url).items():
            if path in _COMPARED or (path.startswith("data/") and path.endswith(".parquet")):
                remote_files.fetch_file(fs, f"{root}/{path}", folder / path, digest)
        yield folder


def fetch_file(url: str, path: str, target: Path) -> None:
    """Fetch one file of what is published at the URL; WenshuError where it is not there."""
    with remote_filesystem(url, _NOTHING_FETCHED) as (fs, root):
        remote_files.fetch_file(fs, f"{root}/{path}", target)


def continue_from(url: str | None, output: Path) -> None:
    """Before a night: on a new machine, go on from what is published at the project's URL.

    Where that cannot be reached the night goes on without it, and says so.
    """
    if not url or ReleaseStore(output).latest():
        return
    try:
        version = fetch_latest(url, output)
    except (WenshuError, OSError) as error:
        with open_store(output):  # what is wrong here, and not there, is not passed over
            log_event("note", f"not gone on from what is published: {one_line(str(error))}", people=True)
        return
    if version:
        shown = one_line(url)
        log_event("going_on", f"going on from {version} of {shown}", people=True, version=version, url=shown)


def send_after_release(url: str | None, output: Path) -> str:
    """Publish to the project's URL, if it has one; what went wrong in one line, else empty."""
    try:
        if url:
            send(output, url)
    except (WenshuError, OSError) as error:
        return f"not published at its URL: {one_line(str(error))}; mend this, then `wenshu publish`"
    return ""


def _send_releases(fs: Any, root: str, store: ReleaseStore) -> None:
    """Send the releases that are not there, one after another; for all of them it is asked at once."""
    versions = store.versions()
    with ThreadPoolExecutor(TRANSFERS) as pool:
        remote_sums = pool.map(lambda version: read(fs, f"{root}/releases/{version}/{SUMS}"), versions)
        for version, found in zip(versions, remote_sums, strict=True):
            folder, remote = store.folder(version), f"{root}/releases/{version}"
            if found not in (None, (folder / SUMS).read_bytes()):
                raise WenshuError(
                    f"{one_line(remote)} holds another release of the same version; it was published from "
                    "elsewhere. Give this output another URL, or bring that release here first"
                )
            if found is None:
                if store.database(version).is_file():
                    send_files(fs, f"{root}/releases", {f"{version}.duckdb": store.database(version)})
                _send_whole(fs, remote, folder, paths_below(folder))


def _send_latest(fs: Any, root: str, store: ReleaseStore, version: str) -> None:
    """Send the files of the latest release that have an address which stays; delete those that are gone.

    They are replaced one by one: who reads several of one release goes by latest.json.
    """
    folder, remote = store.folder(version), f"{root}/latest"
    if read(fs, f"{remote}/{SUMS}") == (folder / SUMS).read_bytes():
        return
    paths = {path for path in paths_below(folder) if "/" not in path.removeprefix("data/")}
    _send_whole(fs, remote, folder, paths)
    _delete_others(fs, remote, paths)


def _send_whole(fs: Any, remote: str, folder: Path, paths: Collection[str]) -> None:
    """Send these files of a release, its sums last."""
    send_files(fs, remote, {path: folder / path for path in paths if path != SUMS})
    write(fs, f"{remote}/{SUMS}", (folder / SUMS).read_bytes())


def _send_site(fs: Any, root: str, store: ReleaseStore) -> None:
    """Send the site: first the releases in it, then what pages need, then pages, the front pages last.

    Pages that are there of the same inputs are not sent again. The manifest there, which says so,
    is deleted before any page is sent and written after the last.
    """
    site, remote = (store.output / "site").resolve(), f"{root}/site"
    if not site.is_dir():
        return
    _send_releases(fs, remote, store)
    if latest := store.latest():
        _send_latest(fs, remote, store, latest)
    files = _site_files(site)
    manifest = read(fs, f"{remote}/{MANIFEST}")
    if manifest is not None:
        with_retries(lambda: fs.rm_file(f"{remote}/{MANIFEST}"))
    changed = sorted(
        files.keys() - _unchanged_pages(manifest, site / MANIFEST) - {MANIFEST},
        key=lambda name: (name.endswith(".html"), name.endswith("index.html"), name),
    )
    front = [name for name in changed if name.endswith("index.html")]
    for names in (changed[: len(changed) - len(front)], front):
        send_files(fs, remote, {name: files[name] for name in names})
    write(fs, f"{remote}/releases/index.json", (store.releases / "index.json").read_bytes())
    kept = {*files, "releases/index.json", *(f"releases/{version}.duckdb" for version in store.versions())}
    _delete_others(fs, remote, kept, ("latest/", *(f"releases/{version}/" for version in store.versions())))
    if MANIFEST in files:
        send_files(fs, remote, {MANIFEST: files[MANIFEST]})


def _delete_others(fs: Any, remote: str, kept: Collection[str], folders: tuple[str, ...] = ()) -> None:
    """Delete what is in the remote folder, but for these files and what is in these folders."""
    base = fs._strip_protocol(remote)
    found = {name: posixpath.relpath(name, base) for name in with_retries(lambda: fs.find(base))}
    if old := [name for name, path in found.items() if path not in kept and not path.startswith(folders)]:
        with_retries(lambda: fs.rm(old))


def _site_files(site: Path) -> dict[str, Path]:
    """The site's files by path, those too in the folders that it links to, but not the releases."""
    links = [path for path in site.iterdir() if path.is_symlink() and path.name not in ("releases", "latest")]
    paths = (path for folder in (site, *links) for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path for path in paths}


def _unchanged_pages(remote_manifest: bytes | None, manifest: Path) -> set[str]:
    """The pages that both manifests have, made from the same inputs and with the same bytes.

    Each has a line of the manifest: digest, check sum, path.
    """
    if remote_manifest is None or not manifest.is_file():
        return set()
    same = {*remote_manifest.splitlines()} & {*manifest.read_bytes().splitlines()}
    return {line.decode().split(" ", 2)[2] for line in same}


def _read_pointer(fs: Any, root: str, url: str) -> Mapping[str, Any] | None:
    """latest.json, with a version that is one; None where there is no such file."""
    content = read(fs, f"{root}/{POINTER}")
    if content is None:
        return None
    try:
        pointer: Mapping[str, Any] = json.loads(content)
        version = pointer["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise WenshuError(f"{one_line(url)}/{POINTER} is damaged; publish there again") from error
    if not isinstance(version, str) or not all(part.isdecimal() for part in version.split(".")):
        raise WenshuError(f"{one_line(url)}/{POINTER} names no version; publish there again")
    return pointer


def _checked_sums(sums: bytes, url: str) -> dict[str, str]:
    """The digests of a release's files, as its sums have them; no path leads out of the release."""
    digests = parse_sums(sums)
    for path in digests:
        if path.startswith("/") or ".." in path.split("/"):
            raise WenshuError(f"{one_line(url)}: {one_line(path)} is no path inside a release")
    return digests
