"""Every description of a release, held to its own standard by that standard's validator."""

from __future__ import annotations

import csv
import json
import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from handmade import DAY, DECLARED, quantity, released, small
from ruamel.yaml import YAML

from pipeline.settings import Publication

RISKY = (
    quantity(0, 487),
    quantity(1, "0.5"),
    quantity(2, "-3.25", text="-3.25%", quote='他说，"好"。\r\n=1+1'),
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with a predecessor, and with cells that try the formats."""
    output = tmp_path_factory.mktemp("output")
    released(output)
    return released(output, small(*RISKY), publisher="数据办公室", rules="new").folder


def load(release: Path, name: str) -> Any:
    return json.loads((release / name).read_text(encoding="utf-8"))


def test_data_package_is_valid(release: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    with frictionless.system.use_context(trusted=True):
        report = frictionless.validate(str(release / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == set(DECLARED)
    package = frictionless.Package(str(release / "datapackage.json"))
    rows = package.get_resource("quantities").read_rows()
    assert [str(row["value"]) for row in rows] == ["487", "0.5", "-3.25"]
    assert next(iter(rows[0])) == "quantity_id"


def test_data_package_notices_a_broken_table(release: Path, tmp_path: Path) -> None:
    import shutil

    frictionless = pytest.importorskip("frictionless")
    copy = tmp_path / "copy"
    shutil.copytree(release, copy)
    path = copy / "data" / "observations.csv"
    path.write_bytes(path.read_bytes().replace(b"q0000", b"q9999"))
    with frictionless.system.use_context(trusted=True):
        errors = frictionless.validate(str(copy / "datapackage.json")).flatten(["type"])
    assert ["foreign-key"] in errors


def test_data_package_says_what_the_declaration_says(release: Path) -> None:
    package = load(release, "datapackage.json")
    by_name = {resource["name"]: resource["schema"] for resource in package["resources"]}
    assert by_name["quantities"]["primaryKey"] == ["quantity_id"]
    assert by_name["observations"]["uniqueKeys"] == [list(DECLARED["observations"].key)]
    kinds = next(field for field in by_name["numerals"]["fields"] if field["name"] == "kind")
    assert kinds["constraints"] == {
        "required": True,
        "enum": list(DECLARED["numerals"].column("kind").vocabulary),
    }


def test_csv_on_the_web_is_valid(release: Path) -> None:
    csvw = pytest.importorskip("csvw")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        group = csvw.TableGroup.from_file(release / "csv-metadata.json")
        assert group.check_referential_integrity()
        found = {str(table.url): list(table) for table in group.tables}
    assert set(found) == {f"data/{name}.csv" for name in DECLARED}
    assert [str(row["value"]) for row in found["data/quantities.csv"]] == ["487", "0.5", "-3.25"]
    assert found["data/observations.csv"][0]["quantity_ids"] == ["q0000"]


def test_csv_on_the_web_is_valid_by_its_strict_validator_over_files_and_http(
    release: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    pytest.importorskip("csvw")
    monkeypatch.syspath_prepend(root / "tests" / "readers")
    from csvw_check import both

    assert both(release) == {"files": [], "http": []}


def test_croissant_is_valid_and_reads_its_records(release: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    records = list(dataset.records("renovation"))
    assert [record["renovation/planned"] for record in records] == [487.0]


def graph(release: Path, name: str) -> Any:
    rdflib = pytest.importorskip("rdflib")
    return rdflib.Graph().parse(release / name, format="json-ld")


def test_dcat_has_what_dcat_ap_makes_mandatory(release: Path) -> None:
    found = graph(release, "dcat.jsonld").query("""
        PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX spdx: <http://spdx.org/rdf/terms#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT ?zh ?en ?issued ?name (COUNT(DISTINCT ?part) AS ?parts) WHERE {
            ?set a dcat:Dataset ; dct:title ?zh, ?en ; dct:description ?about ; dct:issued ?issued ;
                 dct:license ?licence ; dct:publisher [ a foaf:Agent ; foaf:name ?name ] ;
                 dcat:previousVersion ?old ; dcat:distribution ?part .
            ?part a dcat:Distribution ; dcat:accessURL ?url ; dct:format ?format ; dct:license ?licence ;
                  dcat:byteSize ?size ;
                  spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?sum ] .
            FILTER (lang(?zh) = "zh" && lang(?en) = "en" && isIRI(?url) && isIRI(?format))
        } GROUP BY ?zh ?en ?issued ?name""")
    (row,) = found
    assert str(row.name) == "数据办公室"
    assert row.issued.toPython() == DAY
    assert int(row.parts) == 2 * len(DECLARED) + 3  # workbook and figures in two languages


def test_schema_org_names_every_file(release: Path) -> None:
    dataset = load(release, "schema.jsonld")
    assert (dataset["@type"], dataset["version"]) == ("Dataset", release.name)
    paths = {part["contentUrl"].removeprefix("./") for part in dataset["distribution"]}
    assert all((release / path).is_file() for path in paths)
    assert {"data/renovation.csv", "data/renovation.parquet", "wenshu.xlsx"} <= paths
    measured = [variable["name"] for variable in dataset["variableMeasured"]]
    assert measured == ["planned", "completed", "finishing", "starting", "residual"]


def test_provenance_names_source_code_catalog_and_decisions(release: Path) -> None:
    found = graph(release, "prov.jsonld").query("""
        PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX dct: <http://purl.org/dc/terms/>
        SELECT ?title WHERE {
            ?release prov:wasGeneratedBy ?run ; prov:wasDerivedFrom ?sources ; prov:wasRevisionOf ?old .
            ?run a prov:Activity ; prov:used ?used ; prov:wasAssociatedWith [ a prov:SoftwareAgent ] .
            ?used a prov:Entity ; dct:title ?title }""")
    assert {str(row.title) for row in found} == {"sources", "code", "catalog", "decisions"}
    provenance = load(release, "provenance.json")
    assert provenance["inputs"] == {"rules": "new", "catalog": "c", "decisions": "d"}
    assert provenance["previous"] == "2026.11.22"


def test_dictionary_has_a_line_for_every_column(release: Path) -> None:
    with (release / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    columns = [(table.name, name) for table in DECLARED.values() for name in table.names]
    assert sorted((line["table"], line["column"]) for line in lines if line["table"]) == sorted(columns)
    assert any("apostrophe" in line["meaning_en"] and "撇号" in line["meaning_zh"] for line in lines)


class Page(HTMLParser):
    """The ids, links and ends of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.ids |= {attributes["id"] or ""} if "id" in attributes else set()
        self.links += [attributes[name] or "" for name in ("href", "src") if name in attributes]
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_dictionary_page_is_whole_and_asks_nobody(release: Path) -> None:
    page = Page()
    page.feed((release / "dictionary.html").read_text(encoding="utf-8"))
    assert not page.open
    assert set(page.links) == {"data:,", *(f"#{name}" for name in DECLARED)}  # and no icon is asked for
    assert page.ids >= set(DECLARED)


def test_citation_is_cff(release: Path) -> None:
    citation = YAML(typ="safe").load((release / "CITATION.cff").read_text(encoding="utf-8"))
    assert {
        "cff-version",
        "message",
        "title",
        "authors",
        "version",
        "date-released",
        "license",
    } <= citation.keys()
    assert citation["type"] == "dataset"
    assert citation["authors"] == [{"name": "数据办公室"}]
    assert citation["version"] == release.name


def test_licence_names_the_data_licence(release: Path) -> None:
    text = (release / "LICENSE.md").read_text(encoding="utf-8")
    assert "CC-BY-4.0" in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text


def test_a_published_address_is_told(tmp_path: Path) -> None:
    folder = released(tmp_path, publication=Publication(base_url="https://data.example.org/wenshu/")).folder
    dataset = load(folder, "schema.jsonld")
    assert dataset["url"] == f"https://data.example.org/wenshu/releases/{folder.name}/"


def test_what_the_settings_say_of_the_data_is_said_by_every_standard(tmp_path: Path) -> None:
    publication = Publication(
        base_url="https://data.example.org/wenshu", contact="data@example.org", spatial="410100",
        temporal="2015/..", theme=("GOVE",), doi="10.5281/zenodo.1234567",
    )  # fmt: skip
    folder = released(tmp_path, publication=publication, publisher="数据局").folder
    here = f"https://data.example.org/wenshu/releases/{folder.name}/"
    (row,) = graph(folder, "dcat.jsonld").query("""
        PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
        SELECT ?set ?mail ?place ?start ?theme ?doi ?page WHERE {
            ?set a dcat:Dataset ; dcat:contactPoint [ vcard:hasEmail ?mail ] ; dcat:theme ?theme ;
                 dct:spatial [ a dct:Location ; dct:identifier ?place ] ; dct:isVersionOf ?doi ;
                 dct:temporal [ a dct:PeriodOfTime ; dcat:startDate ?start ] ; dcat:landingPage ?page }""")
    theme = "http://publications.europa.eu/resource/authority/data-theme/GOVE"
    assert [str(cell) for cell in row] == [
        here, "mailto:data@example.org", "410100", "2015", theme, "https://doi.org/10.5281/zenodo.1234567",
        "https://data.example.org/wenshu/",
    ]  # fmt: skip
    found = load(folder, "schema.jsonld")
    assert found["identifier"][0] == "https://doi.org/10.5281/zenodo.1234567"
    assert found["temporalCoverage"] == "2015/.."
    cited = YAML(typ="safe").load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["doi"], cited["url"]) == (publication.doi, here)
    assert [each["type"] for each in cited["identifiers"]] == ["doi", "url", "other"]
    deposit = load(folder, "zenodo.json")["metadata"]
    assert (deposit["creators"], deposit["license"]) == ([{"name": "数据局"}], "cc-by-4.0")
    parts = load(folder, "croissant.json")["distribution"]
    assert all(part["contentUrl"].startswith(here) for part in parts)
    links = (folder / "data" / "figures.csv").read_text(encoding="utf-8")
    assert f"{here}validation/sources/d1.html#q0000" in links


def test_figures_stand_with_their_names_and_their_sentence(release: Path) -> None:
    for name, head, cells in (
        (
            "figures.csv",
            "地区",
            ["河南省郑州市中原区", "纳入改造", "2020 年", "487", "487", "487", "个", "确数", "正常"],
        ),
        (
            "figures.en.csv",
            "Region",
            ["河南省郑州市中原区", "Planned", "2020", "487", "487", "487", "", "exact", "normal"],
        ),
    ):
        with (release / "data" / name).open(encoding="utf-8-sig", newline="") as file:
            heads, row = csv.reader(file)
        assert heads[0] == head
        assert row[:9] == cells
        assert row[-1] == "validation/sources/d1.html#q0000"


def test_a_value_is_data_in_every_description_whatever_its_characters(tmp_path: Path) -> None:
    publisher = '甲"}, {{ 7 * 7 }} {% if %} <b>&amp;</b> \\ \N{SNOWMAN}'
    folder = released(tmp_path, publisher=publisher).folder
    assert load(folder, "datapackage.json")["contributors"][0]["title"] == publisher
    assert load(folder, "dcat.jsonld")["dct:publisher"]["foaf:name"] == publisher
    assert load(folder, "schema.jsonld")["creator"]["name"] == publisher
    assert load(folder, "croissant.json")["creator"]["name"] == publisher
    assert load(folder, "zenodo.json")["metadata"]["creators"] == [{"name": publisher}]
    citation = YAML(typ="safe").load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["authors"] == [{"name": publisher}]


def test_a_field_without_a_value_is_left_out(release: Path) -> None:
    for path in (*release.glob("*.json"), *release.glob("*.jsonld")):
        if path.name != "provenance.json":
            assert ": null" not in path.read_text(encoding="utf-8"), path.name
    assert "homepage" not in load(release, "datapackage.json")
    assert "dcat:theme" not in load(release, "dcat.jsonld")
