"""The TypeScript declaration, and the small module for browsers and Node that it declares."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from clients.generate.document import (
    Operation,
    Schema,
    operations,
    reference,
    schemas,
    sent,
    unwrapped,
)

HEAD = "// Written by `make clients` from the OpenAPI document: change nothing here.\n\n"
PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
WIDTH = 94
TEMPLATE = Path(__file__).with_name("wrapper.js")
DECLARED = Path(__file__).with_name("wrapper.d.ts")


def declaration(document: Schema) -> str:
    """Return the types of what is sent and answered, and those of the module.

    What is only answered takes any text for an enumeration, as there may be more codes one day.
    """
    strict = sent(document)
    types = "\n".join(
        _interface(name, schema, name in strict) for name, schema in schemas(document).items()
    )
    methods = "\n".join(_declared(each) for each in operations(document))
    return HEAD + types + "\n" + _filled(DECLARED, methods)


def wrapper(document: Schema) -> str:
    """Return the module: a class with a method for each operation."""
    return HEAD + _filled(TEMPLATE, "\n".join(_method(each) for each in operations(document)))


def _filled(template: Path, methods: str) -> str:
    return template.read_text("utf-8").replace("  // methods\n", methods)


def _interface(name: str, schema: Schema, strict: bool) -> str:
    needed = schema.get("required", ())
    lines = [*_comment(schema.get("description", name), ""), f"export interface {name} {{"]
    for key, told in schema["properties"].items():
        if "description" in told:
            lines += _comment(told["description"], "  ")
        lines.append(f"  {key}{'' if key in needed else '?'}: {_type(told, strict)};")
    return "\n".join([*lines, "}\n"])


def _type(schema: Schema, strict: bool) -> str:
    """Return the type of a schema.

    Raises:
        ValueError: If there is none yet.
    """
    if name := reference(schema):
        return name
    match schema:
        case {"anyOf": [*options]} | {"oneOf": [*options]}:
            return " | ".join(_type(option, strict) for option in options)
        case {"enum": [*codes]}:
            known = " | ".join(f'"{code}"' for code in codes)
            return known if strict else f"{known} | (string & {{}})"
        case {"type": "array", "items": items}:
            inside = _type(items, strict)
            return f"({inside})[]" if "|" in inside else f"{inside}[]"
        case {"type": "array"}:
            return "unknown[]"
        case {"type": "object", "additionalProperties": Mapping() as values}:
            key = _type(schema.get("propertyNames", {"type": "string"}), strict)
            known = f"Record<{key}, {_type(values, strict)}>"
            return f"Partial<{known}>" if "propertyNames" in schema else known
        case {"type": "object"}:
            return "Record<string, unknown>"
        case {"type": str(known)} if known in PLAIN:
            return PLAIN[known]
    raise ValueError(f"nothing is known for {schema}")


def _declared(operation: Operation) -> str:
    takes = [f"{_camel(each.name)}: string" for each in operation.in_path]
    takes += [f"body: {operation.body}"] if operation.body else []
    if operation.in_query:
        query = " ".join(
            f"{each.name}?: {_type(each.schema, True)};" for each in operation.in_query
        )
        takes.append(f"query?: {{ {query} }}")
    ends = "\n\n@deprecated It ends: `Sunset` says when." if operation.deprecated else ""
    about = f"{operation.about}{ends}"
    answer = operation.answer or "null"
    signature = f"  {_camel(operation.id)}({', '.join(takes)}): Promise<{answer}>;\n"
    return "\n".join([*_comment(about, "  "), signature])


def _method(operation: Operation) -> str:
    takes = [_camel(each.name) for each in operation.in_path]
    path = operation.path
    for each in operation.in_path:
        path = path.replace(f"{{{each.name}}}", f"${{encodeURIComponent({_camel(each.name)})}}")
    told = []
    for name, known in (("body", operation.body), ("query", operation.in_query)):
        if known:
            takes.append(name)
            told.append(name)
    told += [f"accepts: {list(operation.accepts)}"] if operation.accepts != (200,) else []
    told += ["repeatable: true"] if operation.repeatable else []
    options = f"{{ {', '.join(told)} }}" if told else "{}"
    call = f'"{operation.method.upper()}", `{path}`, {options}'
    return (
        f"  {_camel(operation.id)}({', '.join(takes)}) {{\n    return this.#call({call});\n  }}\n"
    )


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _comment(text: str, indent: str) -> Iterator[str]:
    lines = [
        wrapped
        for line in unwrapped(text).splitlines()
        for wrapped in textwrap.wrap(line, WIDTH - len(indent)) or [""]
    ]
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
        return
    yield f"{indent}/**"
    yield from (f"{indent} * {line}".rstrip() for line in lines)
    yield f"{indent} */"
