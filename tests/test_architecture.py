"""The order of the packages: which may import which, and that the documents say so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ORDER = (
    *("errors", "tsv", "csvfile", "safe_files", "language", "logs", "yamlfile", "remote"),
    *("settings", "project", "catalog_files"),
    *("texts", "numbers", "frames", "training", "concepts", "relations", "statistics", "tables", "gate"),
    *("decisions", "web", "releases", "report", "site", "desk", "night", "api", "commands", "cli"),
)
"""From bottom to top: a package imports only those before it."""

OF_ONE_PACKAGE = {"great_expectations": ("gate",), "pandas": ("gate", "api.py")}
"""Libraries that take seconds to import, and the few that use them."""

ABOVE = ("flows", "prefect")
"""What nothing in src/pipeline imports, for it stands above."""


def tree(path: Path) -> ast.Module:
    """A file's code."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, source: Path) -> Iterator[tuple[str, str]]:
    """The modules that a file imports, and each name it takes from one, wherever in it they are imported."""
    package = (source.name, *path.relative_to(source).parent.parts)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *filter(None, (node.module,))))
            yield from ((module, alias.name) for alias in node.names)


def upward(source: Path) -> Iterator[tuple[str, str, str]]:
    """Imports against the order: the package, the one that it imports, and where."""
    place = {name: number for number, name in enumerate(ORDER)}
    for path in sorted(source.rglob("*.py")):
        own = path.relative_to(source).parts[0].removesuffix(".py")
        for module, name in imports(path, source):
            parts = [*module.split("."), name]
            if parts[0] == source.name and own != "__init__" and parts[1] in place:
                other = parts[1]
                if place[other] > place[own]:
                    yield own, other, path.relative_to(source).as_posix()


def test_a_package_imports_only_those_below_it(root: Path) -> None:
    found = {(own, other): path for own, other, path in upward(root / "src" / "pipeline")}
    assert found == {}


def test_an_import_against_the_order_is_found_wherever_it_hides(tmp_path: Path) -> None:
    source = tmp_path / "pipeline"
    said = {
        "tables/top.py": "from pipeline.gate.suites import sync",
        "tables/named.py": "from pipeline import __version__, gate",
        "tables/whole.py": "import pipeline.gate",
        "tables/relative.py": "from ..gate import validate",
        "tables/late.py": "def f():\n    from pipeline.gate import validate",
        "tables/typed.py": "if TYPE_CHECKING:\n    from pipeline.gate import Finding",
        "tables/sound.py": "from pipeline.texts import flow\nfrom pipeline.tables import model\nimport gate",
    }
    for name, text in said.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    found = list(upward(source))
    assert {(own, other) for own, other, _ in found} == {("tables", "gate")}
    assert {path for *_, path in found} == said.keys() - {"tables/sound.py"}


def test_every_package_has_its_place(root: Path) -> None:
    source = root / "src" / "pipeline"
    there = {path.name.removesuffix(".py") for path in source.iterdir() if path.name[0] not in "_."}
    assert there - set(ORDER) == {"py.typed", "settings.tsv"} & there


def test_slow_libraries_are_used_by_one_package_and_prefect_by_none(root: Path) -> None:
    source = root / "src" / "pipeline"
    for path in sorted(source.rglob("*.py")):
        used = {module.split(".")[0] for module, _ in imports(path, source)}
        own = path.relative_to(source).parts[0]
        assert used.isdisjoint(ABOVE), path
        assert {name for name in used if own not in OF_ONE_PACKAGE.get(name, (own,))} == set(), path


INNER = (
    *("numbers", "frames", "training", "concepts", "relations", "statistics", "tables", "gate"),
    "decisions",
)
OPENING = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "read_table", "read_rows", "load_yaml"),
}
"""Calls by which a file is opened."""
BETWEEN = {
    *("numbers.lexicon", "frames.weights", "training.bank", "concepts.concept_files"),
    *("statistics.regions.areas", "statistics.catalog.loading", "statistics.catalog.reader", "gate.suites"),
    *("gate.drift", "decisions.loading", "decisions.writing"),
}
"""Modules between the two ends that open files: of words, rules, catalog, decisions and the last release."""


def test_between_the_two_ends_only_the_named_modules_open_files(root: Path) -> None:
    source = root / "src" / "pipeline"
    opening = set()
    for path in sorted(path for name in INNER for path in (source / name).rglob("*.py")):
        calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
        names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
        if names & OPENING:
            opening.add(".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__"))
    assert opening == BETWEEN


def test_no_function_sets_a_name_of_its_module(root: Path) -> None:
    for path in sorted((root / "src" / "pipeline").rglob("*.py")):
        assert not [node for node in ast.walk(tree(path)) if isinstance(node, ast.Global)], path


def test_the_architecture_names_the_packages_in_their_order(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)` \|", text, re.M)
    assert [name for name in ORDER if name in named] == named
    source = root / "src" / "pipeline"
    assert {path.name for path in source.iterdir() if (path / "__init__.py").is_file()} <= set(named)


def test_every_path_that_the_architecture_names_is_there(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|flows|catalog|tests)/[\w/.]+)`", text)
    assert len(named) > 10
    assert [name for name in named if not (root / name).exists()] == []


def test_every_entry_point_and_term_of_the_architecture_is_defined_where_it_says(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    packages = {
        cells[1].strip(" `"): re.findall(r"`([\w.]+)`", cells[4]) for cells in rows if len(cells) == 6
    }
    named = [f"{package}.{name}" for package, names in packages.items() for name in names]
    named += [
        name for cells in rows if len(cells) == 5 for name in re.findall(r"`(\w+(?:\.\w+)+)`", cells[3])
    ]
    named = [name for name in named if name.partition(".")[0] in ORDER]
    assert len(named) > 40
    assert [name for name in named if not is_defined(root / "src" / "pipeline", name)] == []


def test_scripts_import_nothing_that_the_package_does_not_have(root: Path) -> None:
    scripts = [path for folder in ("benchmarks", "docs") for path in (root / folder).rglob("*.py")]
    named = {each for path in scripts for each in imports(path, root) if each[0].startswith("pipeline.")}
    assert len(named) > 20
    assert {(module, name) for module, name in named if not hasattr(import_module(module), name)} == set()


def is_defined(source: Path, name: str) -> bool:
    """Whether package.module, or package.module.function, is there; package.function in its __init__."""
    path = source.joinpath(*name.split("."))
    if path.with_suffix(".py").is_file():
        return True
    parent = path.parent.with_suffix(".py")
    module = parent if parent.is_file() else path.parent / "__init__.py"
    return module.is_file() and path.name in {getattr(node, "name", None) for node in tree(module).body}
