"""The names of what a function returns, read from its source. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Place = int | None  # in the returned tuple; None: it is all that is returned
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def outputs(source: str) -> dict[str, dict[str, Place]]:
    """Return, for each function and `Class.method` of a file, its named outputs.

    A name counts where every `return` gives the variable of that name at one and the same place.

    Raises: SyntaxError, ValueError.
    """
    found: dict[str, dict[str, Place]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = _named(node)
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    found[f"{node.name}.{inner.name}"] = _named(inner)
    return found


def _named(function: ast.FunctionDef) -> dict[str, Place]:
    each = [_places(node.value) for node in _returns(function)]
    if not each:
        return {}
    return dict(set(each[0].items()).intersection(*(names.items() for names in each[1:])))


def _returns(node: ast.AST) -> Iterator[ast.Return]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Return):
            yield child
        elif not isinstance(child, _NESTED):
            yield from _returns(child)


def _places(value: ast.expr | None) -> dict[str, Place]:
    if isinstance(value, ast.Name):
        return {value.id: None}
    if isinstance(value, ast.Tuple):
        return {one.id: at for at, one in enumerate(value.elts) if isinstance(one, ast.Name)}
    return {}
