"""Reads the catalog's YAML files, and locates what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError
from pipeline.project import packaged_path
from pipeline.yamlfile import field_name, load_yaml


class CatalogReader:
    """Reads files against a schema, and remembers the lines of the last one's fields."""

    def __init__(self, schema: str) -> None:
        self._schema = packaged_path("catalog") / "schema" / f"{schema}.schema.json"
        self._path = self._schema
        self._positions: Mapping[tuple[str | int, ...], int] = {}

    def open(self, path: Path) -> Any:
        """The data of a file; WenshuError where the schema does not allow it."""
        self._path = path
        data, self._positions = load_yaml(path, self._schema)
        return data

    def error(self, place: tuple[str | int, ...], message: str) -> WenshuError:
        """An error with its file, line and field; place: its keys in the file that was read last."""
        line = self._positions.get(place)
        return WenshuError(
            f"{self._path}:{line}: {field_name(place)}: {message}" if line else f"{self._path}: {message}"
        )


def unknown(kind: str, name: str, names: Iterable[str]) -> str:
    """The message that nothing of a kind has a name, with the most similar name that there is."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(names), 1)
    return f"no {kind} is called {name}" + (f"; did you mean {near[0]}?" if near else "")
