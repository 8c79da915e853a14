"""The project itself: its settings, what it may import, and what its files may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from zipfile import ZipFile

import pytest

from pipeline.commands import COMMANDS
from pipeline.errors import WenshuError, one_line
from pipeline.project import load_project, packaged_path
from pipeline.settings import FOLDERS

HEAVY = {"prefect", "pandas", "pyarrow", "great_expectations", "jieba", "opencc", "pint", "duckdb"}
LOCKS = ("requirements.lock", "requirements-dev.lock")
HOSTS = re.compile(r"(?i)(?:py" r"pi\.org|python" r"hosted\.org|registry\.np" r"mjs|file:" r"///)")
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:ro" r"ot|wo" r"rk|Us" r"ers|home/(?!wenshu\b)\w+)/")


def tracked(root: Path, *patterns: str) -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--", *patterns], cwd=root, capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [root / name for name in listed.decode().split("\0") if name and (root / name).is_file()]


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_package_by_hash_and_names_no_host(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    packages = [entry for entry in text.split("\n") if entry and not entry[0].isspace()]
    assert len(packages) > 50
    assert all(re.match(r"[\w.\[\],-]+==\S+( ;.+)? \\$", entry) for entry in packages)
    assert text.count("\n    --hash=sha256:") >= len(packages)
    assert "://" not in text


def test_both_locks_hold_the_same_versions(root: Path) -> None:
    run, dev = (set(re.findall(r"^\S+==\S+", (root / name).read_text(), re.MULTILINE)) for name in LOCKS)
    assert run < dev


def test_the_library_knows_nothing_of_prefect(root: Path) -> None:
    assert not [path for path in tracked(root, "src/*.py") if "prefect" in imported(path)]


def test_great_expectations_stays_in_the_gate(root: Path) -> None:
    users = [path for path in tracked(root, "src/*.py") if "great_expectations" in imported(path)]
    assert all("gate" in path.relative_to(root / "src").as_posix() for path in users)


def declared(root: Path) -> set[str]:
    """The distributions that pyproject.toml asks for."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    return {re.split(r"[\[<>=!~; ]", line)[0] for line in asked}


def test_what_the_code_imports_is_a_declared_dependency(root: Path) -> None:
    files = tracked(root, "src/*.py", "flows/*.py")
    names = set().union(*map(imported, files)) - sys.stdlib_module_names - {"pipeline", "flows"}
    known = packages_distributions()
    providers = {name: {each.lower().replace("_", "-") for each in known.get(name, ())} for name in names}
    assert "pyarrow" in names
    assert not {name for name in names if not providers[name] & declared(root)}


def test_every_dependency_is_explained(root: Path) -> None:
    text = (root / "docs/dependencies.md").read_text(encoding="utf-8")
    assert declared(root) <= set(re.findall(r"^\| (\S+) \|", text, re.MULTILINE))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([row.name, "--help"] for row in COMMANDS)]
)
def test_help_loads_no_heavy_package(arguments: list[str]) -> None:
    code = (
        "import sys; from pipeline.cli import main; code = main(sys.argv[1:]);"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    end = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, encoding="utf-8"
    )
    assert end.returncode == 0
    assert "wenshu" in end.stdout
    assert not HEAVY & {name.partition(".")[0] for name in end.stderr.split()}


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_every_command_has_its_function(row) -> None:
    module, _, function = row.function.partition(":")
    assert callable(getattr(import_module(module), function))


def test_source_files_stay_short(root: Path) -> None:
    lengths = {path: path.read_bytes().count(b"\n") for path in tracked(root, "*.py")}
    assert len(lengths) > 5
    assert not {path.name: lines for path, lines in lengths.items() if lines > 300}


def test_files_name_no_registry_and_no_path_of_a_machine(root: Path) -> None:
    found = []
    for path in tracked(root):
        if path.is_relative_to(root / "raw"):
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [
            f"{path.relative_to(root)}: {hit}" for hit in HOSTS.findall(text) + MACHINE_PATHS.findall(text)
        ]
    assert not found


def test_the_wheel_carries_the_default_project(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("wenshu-*.whl")
    held = set(ZipFile(wheel).namelist())
    for name in ("catalog", "expectations", "flows"):
        files = {f"pipeline/_project/{path.relative_to(root).as_posix()}" for path in tracked(root, name)}
        assert files
        assert files <= held


def write(folder: Path, text: str) -> Path:
    path = folder / "wenshu.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_folder_takes_the_packaged_catalog_and_its_own_raw(tmp_path: Path) -> None:
    project = load_project(cwd=tmp_path)
    assert project.root == tmp_path
    assert (project.raw, project.output, project.decisions) == tuple(
        tmp_path / name for name in ("raw", "output", "decisions")
    )
    assert (project.catalog, project.expectations) == (
        packaged_path("catalog"),
        packaged_path("expectations"),
    )


def test_a_project_uses_its_own_folders_and_settings(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    write(
        tmp_path,
        '[paths]\nraw = "文章"\n[schedule]\ncron = "30 1 * * 1-5"\ntimezone = "Asia/Hong_Kong"\n'
        '[notify]\ncommand = ["mail", "-s", "文数"]\n[release]\npublisher = "数据办公室"\n',
    )
    project = load_project(cwd=tmp_path)
    assert project.raw == tmp_path / "文章"
    assert project.catalog == tmp_path / "catalog"
    assert (project.cron, project.timezone) == ("30 1 * * 1-5", "Asia/Hong_Kong")
    assert project.notify == ("mail", "-s", "文数")
    assert (project.publisher, project.licence) == ("数据办公室", "CC-BY-4.0")


def test_raw_may_be_behind_a_url_and_is_then_read_from_a_mirror(tmp_path: Path) -> None:
    write(tmp_path, '[paths]\nraw = "s3://bucket/raw"\noutput = "out"\n')
    project = load_project(cwd=tmp_path)
    assert (project.raw_url, project.raw_place) == ("s3://bucket/raw", "s3://bucket/raw")
    assert project.raw == tmp_path / "out" / ".cache" / "raw"
    assert load_project(raw=Path("here"), cwd=tmp_path).raw_url is None
    assert load_project(raw="memory://there", cwd=tmp_path).raw_place == "memory://there"


@pytest.mark.parametrize("named", ["office", "office/wenshu.toml"], ids=["its folder", "the file"])
def test_config_names_a_project_elsewhere_and_options_win(tmp_path: Path, named: str) -> None:
    office = tmp_path / "office"
    office.mkdir()
    write(office, '[paths]\nraw = "inbox"\noutput = "out"\n')
    project = load_project(Path(named), output=Path("here"), cwd=tmp_path)
    assert project.raw == office / "inbox"
    assert project.output == tmp_path / "here"
    assert all(getattr(project, name).is_absolute() for name in FOLDERS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[schedule]\ncorn = '0 2 * * *'", "no setting is called schedule.corn; did you mean schedule.cron?"),
        ("colour = 1", "no setting is called colour; there are paths.raw"),
        ("[schedule]\ncron = 'at night'", "schedule.cron is 'at night'; give five cron fields"),
        ("[schedule]\ntimezone = 'Peking'", "schedule.timezone is 'Peking'; give an IANA name"),
        ("[schedule]\ntimezone = '../../etc/passwd'", "give an IANA name"),
        ("[paths]\nraw = 7", "paths.raw is 7; give a folder"),
        ("[paths]\noutput = 's3://bucket/output'", "give a folder"),
        ("[log]\nformat = 'xml'", "log.format is 'xml'; give text or json"),
        ("[notify]\ncommand = 'rm -rf x'", "give a list of words"),
        ("[paths\n", "is not TOML in UTF-8"),
        ("[release]\npublisher = ''", "give a name"),
        ("[[paths]]\nraw = 'x'", "no setting is called paths"),
    ],
)
def test_a_wrong_setting_is_answered_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(WenshuError) as caught:
        load_project(cwd=tmp_path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert one_line(str(caught.value)) == str(caught.value)


def test_a_config_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WenshuError, match=r"nowhere\.toml: no such file"):
        load_project(Path("nowhere.toml"), cwd=tmp_path)
