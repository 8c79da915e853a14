"""Reads the catalog's YAML files, and says where in them something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import WenshuError
from pipeline.project import packaged_path
from pipeline.yamlfile import load_yaml


class CatalogReader:
    """Reads one file after another against a schema, and knows where each field stood."""

    def __init__(self, schema: str) -> None:
        self._schema = packaged_path("catalog") / "schema" / f"{schema}.schema.json"
        self._path = self._schema
        self._positions: Mapping[tuple[str | int, ...], int] = {}

    def open(self, path: Path) -> Any:
        """What a file says; WenshuError where the schema does not allow it."""
        self._path = path
        data, self._positions = load_yaml(path, self._schema)
        return data

    def error(self, place: tuple[str | int, ...], message: str) -> WenshuError:
        """What is wrong at a place of the file that was read last."""
        line = self._positions.get(place)
        field_name = re.sub(r"\.(\d+)", r"[\1]", ".".join(map(str, place)))
        return WenshuError(
            f"{self._path}:{line}: {field_name}: {message}" if line else f"{self._path}: {message}"
        )


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """That nothing of the kind is called so, and what may have been meant."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    return f"no {what} is called {name}" + (f"; did you mean {near[0]}?" if near else "")
