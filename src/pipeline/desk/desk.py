"""One desk: its project, and what it keeps while it is open."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.catalog_files import ensure_project_catalog
from pipeline.decisions.decision import Decision
from pipeline.decisions.writing import entries
from pipeline.desk.article_cache import ArticleCache
from pipeline.desk.cards import Card, cards
from pipeline.desk.file_memo import Memo, states
from pipeline.desk.officers import home_of_settings, officer
from pipeline.desk.pages import page
from pipeline.desk.released import Released
from pipeline.desk.running import Running
from pipeline.errors import WenshuError
from pipeline.language import language
from pipeline.project import Project
from pipeline.report.past_runs import last_report
from pipeline.statistics.catalog_entries import Catalog
from pipeline.tables import TABLES
from pipeline.tables.wording import Lang, in_language

_DOUBTS = 300
"""Figures of low confidence that the queue shows."""


@dataclass
class Desk:
    """A project on the desk. Safe for several threads."""

    project: Project
    lang: Lang
    home: Path
    """Where this machine keeps who decides."""
    articles: ArticleCache
    running: Running
    memo: Memo

    @classmethod
    def of(cls, project: Project, config: Path | None = None, home: Path | None = None) -> Desk:
        """The desk of a project. config: what `load_project` had. home: of the user's settings by default."""
        said = ["--config", str((config or project.root).absolute())]
        said += ["--raw", project.raw_place, "--output", str(project.output), "--lang", language()]
        home = home or home_of_settings()
        return cls(project, language(), home, ArticleCache(project), Running(said), Memo())

    def warm(self) -> None:
        """Load what the first page needs, before anybody waits for it."""
        with suppress(Exception):  # what is wrong is said where it is met
            self.cards()
            self.articles.warm()

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
        output = self.project.output
        state = states((output / "releases" / "index.json",))
        found = self.memo.of("report", state, lambda: last_report(output))
        return found or (None, None)

    def released(self) -> Released:
        """The latest release."""
        return Released(self.project.output)

    def cards(self) -> list[Card]:
        """The open cards."""
        run, report = self.report()
        released = self.released()
        doubted = self.memo.of("doubted", released.version, lambda: released.doubted(_DOUBTS))
        figures = {q["id"] for issue in (report or {"issues": ()})["issues"] for q in issue["quantities"]}
        state = run, released.version
        indicators = self.memo.of("indicators", state, lambda: released.indicators_of(figures))
        return cards(report, doubted, [decision for decision, _ in self.decisions()], indicators)

    def decisions(self) -> tuple[tuple[Decision, dict[str, Any]], ...]:
        """Those in the files now, as `pipeline.decisions.writing.entries` has them."""
        folder = self.project.decisions
        return self.memo.of("decisions", states(folder.glob("*.yaml")), lambda: entries(folder))

    def catalog(self) -> Catalog:
        """The project's catalog as its files have it now."""
        return self.articles.loaded().catalog

    def own_catalog(self) -> Path:
        """The project's own catalog folder, made over the packaged one where there is none yet."""
        self.project = self.articles.project = replace(
            self.project, catalog=ensure_project_catalog(self.project)
        )
        return self.project.catalog

    def title_of(self, table: str) -> str:
        """What a table is called: a dataset as the catalog has it, while that can be read."""
        if table in TABLES:
            return in_language(TABLES[table].title, self.lang)
        with suppress(WenshuError, KeyError):
            return self.catalog().datasets[table].title[self.lang]
        return table

    def page(self, name: str, screen: str, **said: Any) -> str:
        """A page in the desk's language. screen: the address that it belongs to."""
        return page(
            name, self.lang, screen=screen, officer=self.officer(), at_work=self.running.at_work,
            table=self.title_of, **said,
        )  # fmt: skip
