"""The pages for search engines: schema.org's Dataset and DataCatalog, as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.releases.metadata import MEDIA_TYPES
from pipeline.site.observed_series import IndicatorFigures
from pipeline.site.render import path_in
from pipeline.site.site_data import Site
from pipeline.tables import Table
from pipeline.tables.wording import Lang, in_language

_CONTEXT = "https://schema.org/"


def catalog(site: Site, lang: Lang) -> Mapping[str, Any]:
    """The front page: a catalog of datasets."""
    tables = [_table(site, table, lang) for table in site.datasets if site.latest.rows[table.name]]
    name = site.look.title or ("文数" if lang == "zh" else "wenshu")
    return {
        "@context": _CONTEXT, "@type": "DataCatalog", "name": name, **_url(site, "index.html", lang),
        **_rights(site), "dataset": [{**table, **_rights(site)} for table in tables],
    }  # fmt: skip


def dataset(site: Site, table: Table, span: tuple[str, str] | None, lang: Lang) -> Mapping[str, Any]:
    """A table's page. span: its first and last period."""
    data = f"{site.look.base_url or '..'}/releases/{site.latest.version}/data"
    return {
        "@context": _CONTEXT,
        **_table(site, table, lang),
        "version": site.latest.version,
        "datePublished": site.latest.date.isoformat(),
        **({"temporalCoverage": "/".join(dict.fromkeys(end[:10] for end in span))} if span else {}),
        "variableMeasured": [in_language(c.title, lang) for c in table.columns],
        "distribution": [_download(kind, f"{data}/{table.name}.{kind}") for kind in ("csv", "parquet")],
        **_rights(site),
    }


def indicator(site: Site, one: IndicatorFigures, lang: Lang) -> Mapping[str, Any]:
    """An indicator's page: a dataset of one variable."""
    title = in_language(one.title, lang)
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": title,
        "description": in_language(one.definition, lang) or title,
        "identifier": one.id,
        **_url(site, f"indicators/{one.id}.html", lang),
        "variableMeasured": {"@type": "PropertyValue", "name": title, "unitText": one.unit_words(lang)},
        "distribution": [_download("csv", f"{site.look.base_url or '..'}/series/{one.id}.csv")],
        **_rights(site),
    }


def _table(site: Site, table: Table, lang: Lang) -> Mapping[str, Any]:
    return {
        "@type": "Dataset",
        "name": in_language(table.title, lang),
        "description": in_language(table.description, lang),
        **_url(site, f"datasets/{table.name}.html", lang),
    }


def _download(kind: str, url: str) -> Mapping[str, str]:
    return {"@type": "DataDownload", "encodingFormat": MEDIA_TYPES[kind], "contentUrl": url}


def _rights(site: Site) -> Mapping[str, Any]:
    publisher = {"@type": "Organization", "name": site.latest.creator}
    return {
        "license": site.latest.licence_url, "creator": publisher, "publisher": publisher,
        "isAccessibleForFree": True,
    }  # fmt: skip


def _url(site: Site, path: str, lang: Lang) -> Mapping[str, str]:
    return {"url": f"{site.look.base_url}/{path_in(lang, path)}"} if site.look.base_url else {}
