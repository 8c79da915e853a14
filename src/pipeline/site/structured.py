"""What search engines read in a page: schema.org's Dataset and DataCatalog, as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.site.contents import Site
from pipeline.site.series import Indicator
from pipeline.tables import Table
from pipeline.tables.wording import Lang, in_language

_CONTEXT = "https://schema.org/"
_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def catalog(site: Site, lang: Lang) -> Mapping[str, Any]:
    """The front page: a catalog of datasets."""
    inside = [
        {
            "@type": "Dataset",
            "name": in_language(table.title, lang),
            "description": in_language(table.description, lang),
            **_at(site, f"datasets/{table.name}.html", lang),
            **_rights(site),
        }
        for table in site.datasets
        if site.latest.rows[table.name]
    ]
    name = site.look.title or ("文数" if lang == "zh" else "wenshu")
    return {
        "@context": _CONTEXT, "@type": "DataCatalog", "name": name, **_at(site, "index.html", lang),
        **_rights(site), "dataset": inside,
    }  # fmt: skip


def dataset(site: Site, table: Table, span: tuple[str, str] | None, lang: Lang) -> Mapping[str, Any]:
    """A table's page. span: its first and last period."""
    home = f"{site.look.base_url}/releases" if site.look.base_url else "../releases"
    files = [
        {
            "@type": "DataDownload",
            "encodingFormat": _TYPES[kind],
            "contentUrl": f"{home}/{site.latest.version}/data/{table.name}.{kind}",
        }
        for kind in _TYPES
    ]
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": in_language(table.title, lang),
        "description": in_language(table.description, lang),
        **_at(site, f"datasets/{table.name}.html", lang),
        "version": site.latest.version,
        "datePublished": site.latest.date,
        **({"temporalCoverage": "/".join(dict.fromkeys(end[:10] for end in span))} if span else {}),
        "variableMeasured": [in_language(c.title, lang) for c in table.columns],
        "distribution": files,
        **_rights(site),
    }


def indicator(site: Site, one: Indicator, lang: Lang) -> Mapping[str, Any]:
    """An indicator's page: a dataset of one variable."""
    home = f"{site.look.base_url}/series" if site.look.base_url else "../series"
    title = in_language(one.title, lang)
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": title,
        "description": in_language(one.definition, lang) or title,
        "identifier": one.id,
        **_at(site, f"indicators/{one.id}.html", lang),
        "variableMeasured": {"@type": "PropertyValue", "name": title, "unitText": one.unit_words(lang)},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": f"{home}/{one.id}.csv"}
        ],
        **_rights(site),
    }


def _rights(site: Site) -> Mapping[str, Any]:
    publisher = {"@type": "Organization", "name": site.latest.publisher}
    return {
        "license": site.latest.licence[1], "creator": publisher, "publisher": publisher,
        "isAccessibleForFree": True,
    }  # fmt: skip


def _at(site: Site, path: str, lang: Lang) -> Mapping[str, str]:
    inside = path if lang == "zh" else f"{lang}/{path}"
    return {"url": f"{site.look.base_url}/{inside}"} if site.look.base_url else {}
