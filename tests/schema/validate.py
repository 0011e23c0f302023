#!/usr/bin/env python3
"""Validates reports against docs/tlsdiag.schema.json.

usage: validate.py document|lookup|check_document|survey_document|config_document|ndjson < REPORT

A document or a look-up is one JSON text; ndjson has one a line, of which all but the last are
handshakes. The schema lets readers meet members of later versions; here a member it does not have is
an error. Says what is wrong, with its path, and ends with 1; silent and 0 when all is well.
"""
import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "docs" / "tlsdiag.schema.json"


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def refuse_repeats(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a member stands twice among {keys}")
    return dict(pairs)


def load(text):
    return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_repeats)


def parts(kind, data):
    """(name of the definition, value) for each part of the report."""
    text = data.decode("utf-8")
    if kind in ("document", "lookup", "check_document", "survey_document", "config_document"):
        return [(kind, load(text))]
    lines = text.splitlines()
    if not text.endswith("\n"):
        raise ValueError("the last line is not ended")
    kinds = ["handshake_line"] * (len(lines) - 1) + ["closing_line"]
    return list(zip(kinds, map(load, lines)))


def closed(schema):
    """The same schema, where no object may have members that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tight = {key: closed(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        tight["additionalProperties"] = False
    return tight


def complaints(schema, name, value):
    yield from jsonschema.Draft202012Validator(schema).iter_errors(value)
    if name == "handshake_line":
        name = "handshake"
        value = {key: part for key, part in value.items() if key != "schema"}
    wanted = {"$ref": f"#/$defs/{name}", "$defs": closed(schema["$defs"])}
    yield from jsonschema.Draft202012Validator(wanted).iter_errors(value)


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in ("document", "lookup", "check_document", "survey_document", "config_document", "ndjson"):
        sys.exit(__doc__)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    status = 0
    for name, value in parts(sys.argv[1], sys.stdin.buffer.read()):
        for error in complaints(schema, name, value):
            print(f"{name}: {error.json_path}: {error.message[:300]}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
