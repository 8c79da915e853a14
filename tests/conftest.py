"""What the tests share: the page that is committed, and the texts that are not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from reading import SENTENCES, write

from pipeline.statistics.regions.areas import Areas, load_areas

# A check says the same of the same code each time, however busy the machine; `make soak` looks for what
# nobody thought of.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("searching", derandomize=False, deadline=None)
settings.load_profile("steady")

os.environ["LC_ALL"] = "C.UTF-8"
"""The tests read what is said in English, wherever they run; those of other languages say so."""

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def page() -> Path:
    """The newspaper page in raw/."""
    return ROOT / "raw" / "2020-07-08_zhongyuan_M03.txt"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The evaluation texts beside the checkout, which belong to their publishers."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the evaluation texts are not here: they lie beside the checkout, in ../shared")
    return folder


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes that test at once, for what is dear and is only read."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "common"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def prefect_cache(common: Path) -> Path:
    """Where the empty database is kept that Prefect's servers start from: it is put there whole."""
    folder = common / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw/ of three articles."""
    write(tmp_path / "raw", a=SENTENCES[0], b=SENTENCES[1], c=SENTENCES[2])
    return tmp_path / "raw"


@pytest.fixture(scope="session")
def chromium() -> str:
    """A chromium to open pages in; tests that take it are marked `browser`."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("no chromium here: `make browser` installs it, with a Chinese font, where it can")
    return found


@pytest.fixture
def project(tmp_path: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of the one page, and the folder that commands run in."""
    (tmp_path / "raw").mkdir()
    shutil.copy(page, tmp_path / "raw" / "page.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def areas(root: Path) -> Areas:
    """The gazetteer of the catalog."""
    return load_areas(root / "catalog" / "areas.csv")
