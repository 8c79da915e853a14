"""The YAML that people write: read strictly, refused with file, line and field."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import WenshuError
from pipeline.yamlfile import LARGEST, load_yaml

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$", "description": "a word of small letters"},
        "unit": {"type": "string"},
        "parts": {"type": "array", "items": {"type": "object", "properties": {"of": {"type": "integer"}}}},
    },
}


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return path


def load(tmp_path: Path, content: str | bytes, schema: Path | None = None):
    path = tmp_path / "a.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return load_yaml(path, schema)


def refusal(tmp_path: Path, content: str | bytes, schema: Path | None = None) -> str:
    with pytest.raises(WenshuError) as caught:
        load(tmp_path, content, schema)
    message = str(caught.value)
    assert message.startswith(str(tmp_path / "a.yaml"))
    assert "\n" not in message
    return message.removeprefix(str(tmp_path / "a.yaml"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("487", 487),
        ("-3", -3),
        ("1.40", Decimal("1.40")),
        ("010203", "010203"),
        ("2020-07-08", "2020-07-08"),
        ("1:30", "1:30"),
        ("1e999", "1e999"),
        ("yes", "yes"),
        ("true", True),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ("个", "个"),
        ("[1, '2']", [1, "2"]),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_plain_values_are_what_they_look_like(tmp_path, written, read):
    value = load(tmp_path, f"a: {written}\n").data["a"]
    assert value == read
    assert type(value) is type(read)


def test_positions_are_those_of_the_keys(tmp_path):
    document = load(tmp_path, "# first\nid: x\nparts:\n  - of: 1\n  - of: 2\n")
    assert document.positions[("id",)] == 2
    assert document.positions[("parts", 1)] == 5
    assert document.positions[("parts", 1, "of")] == 5


def test_an_empty_file_is_an_empty_mapping(tmp_path):
    assert load(tmp_path, "").data == load(tmp_path, "# nothing\n").data == {}


def test_a_byte_order_mark_and_crlf_are_fine(tmp_path):
    assert load(tmp_path, "\ufeffid: x\r\nunit: 个\r\n").data == {"id": "x", "unit": "个"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("unit: 个\n", ":1: the file: 'id' is a required property"),
        ("id: x\nuint: 个\n", ":2: uint: no field is called so; did you mean unit?"),
        ("id: X9\n", ":1: id: 'X9' does not match '^[a-z]+$'; give a word of small letters"),
        ("id: x\nparts:\n- of: 1\n- of: two\n", ":4: parts[1].of: 'two' is not of type 'integer'"),
        ("id: 1\nunit: 2\n", ":1: id: 1 is not of type 'string'; give a word of small letters (and 1 more)"),
    ],
)
def test_a_schema_names_the_line_and_the_field(tmp_path, schema, content, message):
    assert refusal(tmp_path, content, schema) == message


BOMB = "a: &a [x, x]\n" + "".join(
    f"{n}: &{n} [*{p}, *{p}, *{p}]\n" for p, n in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, ":1: &a: anchors and aliases are not read; write the value out"),
        ("a: 1\nb: 2\na: 3\n", ":3: a: stands there twice"),
        ("a: [1, 2\n", ":2: is not YAML"),
        ("a: 1\n---\nb: 2\n", ":2: is not YAML"),
        ("? [1]\n: 2\n", ":1: the file: a key must be a word"),
        ("a: !!python/name:os.system x\n", ":1: a: the tag"),
        ("a: !!int x\n", ":1: a: is no int"),
        ("a: \x00\n", ": is not YAML"),
        ("a: \ud800\n", ":1: is not UTF-8"),
        (b"ok: 1\n" + "个".encode("gb18030"), ":2: is not UTF-8; save the file as UTF-8"),
        ("- " * 9000, ": is nested too deeply"),
        ("[" * 9000, ": is nested too deeply"),
        ("#" * (LARGEST + 1), f": is larger than {LARGEST // 1024} KB"),
    ],
)
def test_what_is_not_read_says_so(tmp_path, content, message):
    assert refusal(tmp_path, content).startswith(message)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(WenshuError, match=r"a\.yaml: cannot be read: No such file"):
        load_yaml(tmp_path / "a.yaml")


@given(content=st.text(alphabet=st.sampled_from("ab:-[]{}&*!'\"#|>?,\n \t%@\x00个"), max_size=80))
def test_no_file_raises_anything_else(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(content, encoding="utf-8")
    try:
        load_yaml(path)
    except WenshuError as error:
        assert "any.yaml" in str(error)
