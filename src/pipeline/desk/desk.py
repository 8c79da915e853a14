"""One desk: its project, and what it keeps while it is open."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from pipeline.catalog_files import BASE, FILE
from pipeline.decisions import load_decisions
from pipeline.decisions.writing import entries
from pipeline.desk.cards import Card, cards
from pipeline.desk.officers import home_of_settings, officer
from pipeline.desk.pages import page
from pipeline.desk.released import Released
from pipeline.desk.running import Running
from pipeline.desk.shelf import Shelf
from pipeline.errors import WenshuError
from pipeline.language import language
from pipeline.project import Project, packaged
from pipeline.tables.wording import Lang
from pipeline.yamlwriting import replace_text, state_of

if TYPE_CHECKING:
    from pipeline.statistics.areas import Areas

_DOUBTS = 300
"""Figures of low confidence that the queue shows."""


@dataclass
class Desk:
    """A project on the desk. Safe for several threads."""

    project: Project
    lang: Lang
    home: Path
    """Where this machine keeps who decides."""
    shelf: Shelf
    running: Running
    _kept: dict[str, tuple[object, Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, project: Project, config: Path | None = None, home: Path | None = None) -> Desk:
        """The desk of a project. config: what `load_project` had. home: of the user's settings by default."""
        said = ["--config", str((config or project.root).absolute())]
        said += ["--raw", project.raw_place, "--output", str(project.output)]
        return cls(project, language(), home or home_of_settings(), Shelf(project), Running(said))

    def warm(self) -> None:
        """Load what the first page needs, before anybody waits for it."""
        with suppress(Exception):  # what is wrong is said where it is met
            self.cards()
            self.shelf.warm()

    def officer(self) -> str | None:
        """Who decides here."""
        return officer(self.home)

    def decider(self) -> str:
        """Who decides here. Raises `WenshuError` where nobody said so yet."""
        name = self.officer()
        if name is None:
            raise WenshuError("say first who decides; it is asked once")
        return name

    def report(self) -> tuple[str | None, dict[str, Any] | None]:
        """The last run that looked for issues, and its report.json."""
        from pipeline.report.history import last_report

        index = self.project.output / "releases" / "index.json"
        state = index.stat().st_mtime_ns if index.exists() else None
        found = self.remembered("report", state, lambda: last_report(self.project.output))
        return found or (None, None)

    def released(self) -> Released:
        """The latest release."""
        return Released(self.project.output)

    def cards(self) -> list[Card]:
        """The open cards."""
        run, report = self.report()
        released = self.released()
        doubted = self.remembered("doubted", released.version, lambda: released.doubted(_DOUBTS))
        figures = {q["id"] for issue in (report or {"issues": ()})["issues"] for q in issue["quantities"]}
        indicators = self.remembered(
            "indicators", (run, released.version), lambda: released.indicators_of(figures)
        )
        folder = self.project.decisions
        return cards(report, doubted, load_decisions(folder), entries(folder), indicators)

    def own_catalog(self) -> Path:
        """The project's own catalog folder, made over the packaged one where there is none yet."""
        folder = self.project.root / "catalog"
        if self.project.catalog == packaged("catalog") != folder:
            folder.mkdir(exist_ok=True)
            replace_text(folder / FILE, f"extends: {BASE}\n", state_of(folder / FILE))
            self.project = self.shelf.project = replace(self.project, catalog=folder)
        return self.project.catalog

    def areas(self) -> Areas:
        """The regions of the catalog."""
        from pipeline.statistics.catalog import load_catalog

        return load_catalog(self.project.catalog).areas

    def page(self, name: str, screen: str, **said: Any) -> str:
        """A page in the desk's language. screen: the address that it belongs to."""
        return page(name, self.lang, screen=screen, officer=self.officer(), **said)

    def remembered(self, name: str, state: object, make: Any) -> Any:
        """What was made for this state before, or is made now and kept."""
        with self._lock:
            known = self._kept.get(name)
            if known is None or known[0] != state:
                known = self._kept[name] = (state, make())
            return known[1]
