"""One desk: its project, who decides, and what it has read of files."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.catalog_files import catalog_files, ensure_project_catalog
from pipeline.decisions.decision import Decision
from pipeline.decisions.loading import read_decisions
from pipeline.desk.articles import ArticleReader, ReadArticle, find_article
from pipeline.desk.cards import Card, cards
from pipeline.desk.file_cache import FileCache, file_states
from pipeline.desk.pages import render
from pipeline.desk.release_tables import ReleaseTables
from pipeline.desk.running import Running
from pipeline.errors import WenshuError
from pipeline.language import language
from pipeline.project import Project
from pipeline.report.past_runs import last_report
from pipeline.safe_files import staged_file
from pipeline.statistics.catalog.entries import Catalog
from pipeline.tables import TABLES
from pipeline.tables.wording import in_language
from pipeline.texts.sidecar import SIDECAR

_DOUBTS = 300
"""Figures of low confidence that the queue shows."""
_LONGEST_NAME = 100


class Desk:
    """A project on the desk. Safe for several threads."""

    def __init__(self, project: Project, config: Path | None = None, home: Path | None = None) -> None:
        """config: what `load_project` had. home: the folder of the user's settings."""
        self.project, self.lang, self.cache = project, language(), FileCache()
        base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or Path.home() / ".config"
        self.home = home or Path(base, "wenshu")
        arguments = ["--config", str((config or project.root).absolute())]
        arguments += ["--raw", project.raw_place, "--output", str(project.output), "--lang", language()]
        self.running = Running(arguments)

    def warm_up(self) -> None:
        """Load what the first page needs, before anybody waits for it."""
        with suppress(Exception):  # what is wrong is said where it is met
            self.cards()
            self.article_reader().read("共487个老旧小区。")

    def officer(self) -> str | None:
        """The name that decisions bear; None where nobody has given one yet."""
        try:
            name = (self.home / "officer.txt").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name[:_LONGEST_NAME] or None

    def require_officer(self) -> str:
        """The same. Raises `WenshuError` where nobody has given a name yet."""
        name = self.officer()
        if name is None:
            raise WenshuError("say first who decides; it is asked once")
        return name

    def keep_officer(self, typed: str) -> str:
        """Keep a name on this machine, for decisions from now on. Raises `WenshuError` where it is none."""
        name = " ".join(typed.split())
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise WenshuError("that is no name; write yours, as it is to stand in decisions")
        self.home.mkdir(parents=True, exist_ok=True)
        with staged_file(self.home, f"{name}\n".encode()) as draft:
            draft.replace(self.home / "officer.txt")
        return name

    def report(self) -> tuple[str | None, dict[str, Any] | None]:
        """The last run that looked for issues, and its report.json."""
        output = self.project.output
        state = file_states((output / "releases" / "index.json",))
        return self.cache.get("report", state, lambda: last_report(output)) or (None, None)

    def reported_decisions(self) -> dict[str, dict[str, Any]]:
        """The decisions of the last run by id, as its report.json has them."""
        report = self.report()[1] or {"decisions": ()}
        return {decision["id"]: decision for decision in report["decisions"]}

    def latest_release(self) -> ReleaseTables:
        """The latest release."""
        return ReleaseTables(self.project.output)

    def cards(self) -> list[Card]:
        """The open cards."""
        run, report = self.report()
        release = self.latest_release()
        doubted = self.cache.get("doubted", release.version, lambda: release.doubted_figures(_DOUBTS))

        def indicators_of_issues() -> dict[str, str]:
            issues = report["issues"] if report else ()
            return release.indicators_of({q["id"] for issue in issues for q in issue["quantities"]})

        indicators = self.cache.get("indicators", (run, release.version), indicators_of_issues)
        return cards(report, doubted, [decision for decision, _ in self.decisions()], indicators)

    def decisions(self) -> tuple[tuple[Decision, dict[str, Any]], ...]:
        """Those in the files now, each with its entry."""
        folder = self.project.decisions
        state = file_states(folder.glob("*.yaml"))
        return self.cache.get("decisions", state, lambda: tuple(read_decisions(folder)))

    def article(self, path: str, document_id: str | None = None) -> ReadArticle | None:
        """The article at a path below raw/, with the id that a run gave it; None where it is gone."""
        file, record = find_article(self.project.raw, path)
        if file is None:
            return None
        reader = self.article_reader()
        state = (*file_states((file, file.with_suffix(SIDECAR))), reader)
        return self.cache.get(
            (path, document_id), state, lambda: reader.article(self.project, file, record, document_id)
        )

    def article_of(self, card: Card) -> ReadArticle | None:
        """The article of a card, None where it is about none or the article is gone."""
        return self.article(card.path, card.document_id) if card.path else None

    def article_reader(self) -> ArticleReader:
        """A reader by the catalog as its files are now. Raises `WenshuError` where they are not sound."""
        folder = self.project.catalog
        return self.cache.get(
            "catalog", file_states(catalog_files(folder).values()), lambda: ArticleReader.of(folder)
        )

    def catalog(self) -> Catalog:
        """The project's catalog as its files are now."""
        return self.article_reader().catalog

    def own_catalog(self) -> Path:
        """The project's own catalog folder, made over the packaged one where there is none yet."""
        self.project = replace(self.project, catalog=ensure_project_catalog(self.project))
        return self.project.catalog

    def title_of(self, table: str) -> str:
        """A table's title: a dataset's from the catalog, while that can be read."""
        if table in TABLES:
            return in_language(TABLES[table].title, self.lang)
        with suppress(WenshuError, KeyError):
            return self.catalog().datasets[table].title[self.lang]
        return table

    def page(self, template: str, screen: str, **values: Any) -> str:
        """A page in the desk's language. screen: the address of its screen."""
        return render(
            template, self.lang, screen=screen, officer=self.officer(), at_work=self.running.at_work,
            table=self.title_of, **values,
        )  # fmt: skip
