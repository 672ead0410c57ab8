"""The client's operations and types, from the OpenAPI document: `python docs/make_client.py` writes them.

Types are typed dictionaries of what the workbench itself defines; a finding stays plain data, described in
docs/json.md.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CLIENT = ROOT / "src/tamperlens/client"
_PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "object": "dict[str, Any]",
    "null": "None",
}
_MADE = "Made by docs/make_client.py from ui/openapi.json: do not edit."


def main() -> None:
    """Write both files."""
    for name, text in made().items():
        (CLIENT / name).write_text(text, encoding="utf-8")


def made() -> dict[str, str]:
    """File name → its text, as ruff formats it."""
    spec = json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))
    operations = [
        (path, method, operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if {"token": []} in operation.get("security", ())
    ]
    needed = _needed(spec, operations)
    return {
        "_types.py": _formatted(_types(spec, needed)),
        "_operations.py": _formatted(_operations(operations, needed)),
    }


def _formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "-", "--stdin-filename", str(CLIENT / "_made.py")]
    return subprocess.run(command, input=text, text=True, capture_output=True, check=True, cwd=ROOT).stdout


def _needed(spec: dict[str, Any], operations: list[Any]) -> set[str]:
    """Schemas that an operation names, and those that they name; a finding is left as it is."""
    waiting, found = [name for each in operations for name in _named(each)], set()
    while waiting:
        name = waiting.pop()
        if name not in found and name not in {"FindingView", "Problem"}:
            found.add(name)
            waiting += _named(spec["components"]["schemas"][name])
    return found


def _named(part: object) -> list[str]:
    text = json.dumps(part)
    return [piece.split('"', 1)[0] for piece in text.split("#/components/schemas/")[1:]]


def _kind(schema: dict[str, Any], needed: set[str], prefix: str = "") -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return prefix + name if name in needed else "dict[str, Any]"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(_kind(each, needed, prefix) for each in schema[several]))
    if "enum" in schema:
        words = ", ".join(repr(word) for word in schema["enum"] if word is not None)
        return f"Literal[{words}]" + (" | None" if None in schema["enum"] else "")
    kinds = schema.get("type", "object")
    if kinds == "array":
        return f"list[{_kind(schema['items'], needed, prefix)}]"
    return " | ".join(_PLAIN[each] for each in ([kinds] if isinstance(kinds, str) else kinds))


def _types(spec: dict[str, Any], needed: set[str]) -> str:
    lines = [
        f'"""What is sent and answered. {_MADE}"""',
        "",
        "from typing import Any, Literal, NotRequired, TypedDict",
        "",
    ]
    for name in sorted(needed):
        schema = spec["components"]["schemas"][name]
        required = schema.get("required", ())
        lines += [
            f"class {name}(TypedDict):",
            f'    """{_sentence(schema.get("description") or name)}"""',
            "",
        ]
        for field, each in schema.get("properties", {}).items():
            kind = _kind(each, needed)
            lines.append(
                f"    {field}: {_forward(kind if field in required else f'NotRequired[{kind}]', needed)}"
            )
        lines += ["", ""]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return text.strip() if text.strip().endswith((".", "?", "!")) else f"{text.strip()}."


def _forward(kind: str, needed: set[str]) -> str:
    """In quotes where it names a type that may come later."""
    return f'"{kind}"' if any(name in kind for name in needed) and '"' not in kind else kind


def _operations(operations: list[tuple[str, str, dict[str, Any]]], needed: set[str]) -> str:
    head = f'''"""Every operation that a token may do. {_MADE}"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from tamperlens.client import _types as types
from tamperlens.client._asking import Asking, File, quoted


class Operations(Asking):
    """The operations, by the names that they have in the OpenAPI document."""
'''
    return head + "\n".join(
        _method(*each, needed) for each in sorted(operations, key=lambda one: one[2]["operationId"])
    )


def _method(path: str, method: str, operation: dict[str, Any], needed: set[str]) -> str:
    parameters = operation.get("parameters", [])
    names = [each["name"] for each in parameters if each["in"] == "path"]
    query = [each for each in parameters if each["in"] == "query"]
    headers = [
        each["name"] for each in parameters if each["in"] == "header" and each["name"] != "Idempotency-Key"
    ]
    taken = ["self", *(f"{name}: str" for name in names)]
    given = [repr(method.upper()), f"f{path!r}" if names else repr(path)]
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        if kind.startswith("multipart"):
            field = "files" if body["schema"]["$ref"].endswith("FilesIn") else "file"
            taken.append(f"{field}: " + ("Sequence[File]" if field == "files" else "File"))
            given.append(f"{field}={field}")
        else:
            taken.append(f"body: {_kind(body['schema'], needed, 'types.')}")
            given.append("body=body")
    if query or headers:
        taken.append("*")
    for each in query:
        kind = _kind(each["schema"], needed)
        taken.append(f"{each['name']}: {kind}" + ("" if each.get("required") else " | None = None"))
    if query:
        given.append("query={" + ", ".join(f"{each['name']!r}: {each['name']}" for each in query) + "}")
    taken += [f"{_plain(name)}: str | None = None" for name in headers]
    if headers:
        given.append("headers={" + ", ".join(f"{name!r}: {_header(name)}" for name in headers) + "}")
    by, answer = _answer(operation, needed)
    says = _sentence(operation["summary"])
    if by == "_json":
        given.insert(0, answer)
    return f'''
    def {operation["operationId"]}({", ".join(taken)}) -> {answer}:
        """{says}"""
        return self.{by}({", ".join(given)})
'''


def _plain(header: str) -> str:
    return header.lower().replace("-", "_")


def _header(name: str) -> str:
    return f"quoted({_plain(name)})" if name == "If-Match" else _plain(name)


def _answer(operation: dict[str, Any], needed: set[str]) -> tuple[str, str]:
    """Method of `Asking` that reads the answer, and its type."""
    status = min(operation["responses"])
    content = operation["responses"][status].get("content", {})
    for kind, each in content.items():
        if kind == "text/event-stream":
            return "_events", "Iterator[tuple[str, Any]]"
        if kind == "application/json" and "$ref" in each.get("schema", {}):
            return "_json", _kind(each["schema"], needed, "types.")
        return "_bytes", "bytes"
    return "_nothing", "None"


if __name__ == "__main__":
    main()
