"""JSON schemas of what is written and shown, generated from its types.

`python -m tamperlens.report.schema docs` writes the schema of a finding, and its fields into docs/json.md.
The meaning of a field is written once, under `Attributes` of its type; here it becomes the field's
description.
"""

import inspect
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from tamperlens.examine import SCHEMA_VERSION, ErrorDocument, FindingDocument

_ITEM = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)


def components(types: Iterable[type], ref: str) -> dict[str, Any]:
    """JSON schemas of types and of all types they contain, by name.

    Args:
        types: structs and dataclasses.
        ref: reference to a schema, with `{name}` in it.
    """
    known = {one.__name__: one for one in _all(types)}
    _, schemas = msgspec.json.schema_components(tuple(types), ref_template=ref)
    return {name: _described(schema, known[name]) for name, schema in sorted(schemas.items())}


def document_schema() -> dict[str, Any]:
    """The schema of one object of `tamperlens examine --json`."""
    parts = components((FindingDocument, ErrorDocument), "#/$defs/{name}")
    for name in ("FindingDocument", "ErrorDocument"):
        parts[name]["properties"]["schema_version"]["const"] = SCHEMA_VERSION
        parts[name]["required"] = list(parts[name]["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Tamperlens finding, schema {SCHEMA_VERSION}",
        "oneOf": [{"$ref": "#/$defs/FindingDocument"}, {"$ref": "#/$defs/ErrorDocument"}],
        "$defs": parts,
    }


def _all(types: Iterable[type]) -> set[type]:
    """These types and, recursively, the types of their fields."""
    found: set[type] = set()
    todo = list(msgspec.inspect.multi_type_info(types))
    while todo:
        info: Any = todo.pop()
        cls = getattr(info, "cls", None)
        if cls in found:
            continue
        if isinstance(info, msgspec.inspect.StructType | msgspec.inspect.DataclassType):
            found.add(info.cls)
            todo += [field.type for field in info.fields]
        todo += [getattr(info, name) for name in _INNER if hasattr(info, name)]
        todo += [*getattr(info, "types", ()), *getattr(info, "item_types", ())]
    return found


_INNER = ("item_type", "value_type", "type")


def _described(schema: dict[str, Any], of: type) -> dict[str, Any]:
    """The schema with descriptions from the type's docstring; every field of a document is required."""
    text = inspect.getdoc(of) or ""
    said = {name: " ".join(words.split()) for name, words in _ITEM.findall(text)}
    properties = {
        name: {**one, "description": said[name]} if name in said else one
        for name, one in schema["properties"].items()
    }
    return {
        **schema,
        "description": text.partition("\n")[0],
        "properties": {name: _plain_default(one) for name, one in properties.items()},
        "required": list(properties),
    }


def _plain_default(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without the default, because every field is always written."""
    return {key: value for key, value in schema.items() if key != "default"}


def field_table() -> str:
    """All fields of a finding and of its parts, as Markdown tables."""
    parts = document_schema()["$defs"]
    named = ["FindingDocument", "ErrorDocument", *(n for n in parts if not n.endswith("Document"))]
    return "\n".join(_table(name, parts[name]) for name in named)


def _table(name: str, part: dict[str, Any]) -> str:
    rows = [
        f"| `{field}` | {_type(schema)} | {schema['description'].rstrip('.')} |"
        for field, schema in part["properties"].items()
    ]
    return "\n".join(
        (f"### {name}", "", part["description"], "", "| field | type | meaning |", "|---|---|---|", *rows, "")
    )


def _type(schema: dict[str, Any]) -> str:
    """The type of a field in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return "null" if schema["enum"] == [None] else "string"
    kind = str(schema.get("type", "string"))
    inner = schema.get("items") or schema.get("additionalProperties")
    return f"{kind} of {_type(inner)}" if isinstance(inner, dict) else kind


def write_fields(page: Path) -> None:
    """Renew the tables between the markers of a Markdown page."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    page.write_text(f"{before}{_BEGIN}\n\n{field_table()}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")


_BEGIN, _END = "<!-- fields: begin -->", "<!-- fields: end -->"

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    schema_text = json.dumps(document_schema(), indent=1, ensure_ascii=False)
    (folder / "finding.schema.json").write_text(f"{schema_text}\n", encoding="utf-8")
    write_fields(folder / "json.md")
