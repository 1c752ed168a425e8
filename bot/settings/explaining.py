"""What is wrong in frontline.toml, in the product's words, with the nearest key that there is."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

IN_OUR_WORDS = {
    "string_type": "has to be a text in quotes",
    "tuple_type": 'has to be a list in brackets, as ["one", "two"]',
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "dict_type": "has to be a table, under a heading in brackets of its own",
    "model_type": "has to be a table, under a heading in brackets of its own",
    "path_type": "has to be a path in quotes",
    "missing": "is missing; add it",
}
KEYS_SHOWN = 12


def reason_of(error: ErrorDetails, root: type[BaseModel]) -> str:
    """Say what is wrong, and what to write instead."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return _about_key(error["loc"], root)
    if kind in IN_OUR_WORDS:
        return IN_OUR_WORDS[kind]
    if kind in ("enum", "literal_error"):
        return f"has to be {error.get('ctx', {}).get('expected', 'something else')}"
    said = error["msg"].removeprefix("Value error, ")
    return said.replace("Input should be", "has to be")


def _about_key(loc: Sequence[int | str], root: type[BaseModel]) -> str:
    given = str(loc[-1])
    known = sorted(_keys_at(loc[:-1], root))
    near = get_close_matches(given.casefold(), known, 1)
    if near:
        return f"there is no such key; did you mean {near[0]}?"
    elsewhere = sorted({path for path in _paths(root) if path.rsplit(".", 1)[-1] == given})
    if elsewhere:
        return f"there is no such key here; it belongs to {' or '.join(elsewhere[:3])}"
    more = ", …" if len(known) > KEYS_SHOWN else ""
    return f"there is no such key; there are {', '.join(known[:KEYS_SHOWN])}{more}"


def _keys_at(loc: Sequence[int | str], root: type[BaseModel]) -> set[str]:
    model = root
    rest = list(loc)
    while rest:
        field = model.model_fields.get(str(rest.pop(0)))
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            continue
        model = inner
    return set(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)


def _paths(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{before}{name}"
        inner = _model_in(field.annotation)
        if inner is not None:
            table = "NAME." if "dict" in str(field.annotation) else ""
            yield from _paths(inner, f"{before}{name}.{table}")
