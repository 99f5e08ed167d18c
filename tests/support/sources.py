"""The project's own files, for rules about them."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "milepost"
APART = {".git", ".venv", ".milepost", "__pycache__", "build", "dist", "tour", "htmlcov", "node_modules"}
OURS = ("milepost", "tests", "benchmarks", "docs", ".ci")


def name(path: Path) -> str:
    """A path as the rules print it."""
    return path.relative_to(ROOT).as_posix()


@cache
def files(*suffixes: str, under: str = "") -> tuple[Path, ...]:
    """Every file of ours with one of these suffixes (all of them where none is given)."""
    return tuple(path for path in _walk() if name(path).startswith(under) and (not suffixes or path.suffix in suffixes))


@cache
def python(under: str = "milepost/") -> tuple[Path, ...]:
    """Our Python, without migrations, which Django writes."""
    return tuple(path for path in files(".py", under=under) if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a file, methods and inner ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def _walk() -> tuple[Path, ...]:
    ignored = set((ROOT / ".gitignore").read_text().split())
    found = [path for path in ROOT.iterdir() if path.is_file() and path.name not in ignored]
    for folder, folders, names in (step for top in OURS for step in os.walk(ROOT / top)):
        folders[:] = [each for each in folders if each not in APART and not each.startswith(".")]
        found += [Path(folder) / each for each in names if not each.endswith(".pyc")]
    return tuple(sorted(found))
