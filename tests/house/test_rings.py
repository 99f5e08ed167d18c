"""Rules of the rings that the import contracts and ruff cannot see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support import sources

DELIVERY = ("milepost/web/", "milepost/api/", "milepost/batch/", "milepost/cli/", "milepost/demo/")
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "asave"}
NO_ROWS = (
    "Delivery never touches rows. To change one, call an operation of the app that owns it; to ask, call a query; to "
    "decide whether this person may, go through access:"
)


def test_delivery_never_touches_rows():
    found = [
        f"{sources.name(path)}:{node.lineno} .{node.attr}"
        for folder in DELIVERY
        for path in sources.python(folder)
        for node in _row_touches(path)
    ]
    assert not found, "\n- ".join([NO_ROWS, *found])


def test_finance_never_uses_floating_point():
    found = []
    for path in sources.python("milepost/finance/"):
        if path.name == "bulk.py":
            continue  # a float64 proposal, redone in Decimal near every rounding edge: docs/architecture.md
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
                found.append(f"{sources.name(path)}:{node.lineno} {node.value!r}")
            if isinstance(node, ast.Name) and node.id == "float":
                found.append(f"{sources.name(path)}:{node.lineno} float")
    assert not found, "\n- ".join(
        ["Money is whole minor units; rates are exact fractions or Decimals of 28 digits:", *found]
    )


def test_finance_reads_nothing_but_its_arguments():
    outside = (
        "os",
        "io",
        "pathlib",
        "time",
        "random",
        "secrets",
        "socket",
        "subprocess",
        "logging",
        "urllib",
        "django",
    )
    found = [
        f"{sources.name(path)}:{line} {module}"
        for path in sources.python("milepost/finance/")
        for line, module in sources.imports(path)
        if module.split(".")[0] in outside
        or (module.startswith("milepost.") and not module.startswith("milepost.finance"))
    ]
    for path in sources.python("milepost/finance/"):
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow"):
                found.append(f"{sources.name(path)}:{node.lineno} .{node.attr}")
            if isinstance(node, ast.Name) and node.id in ("open", "print", "input"):
                found.append(f"{sources.name(path)}:{node.lineno} {node.id}()")
    assert not found, "\n- ".join(["Finance only computes: pass the day, the rate and the policy in:", *found])


def test_every_operation_is_called_by_name_in_a_test():
    words = {word for path in sources.python("tests/") for word in re.findall(r"\w+", path.read_text())}
    untested = [f"{place}: {function.name}" for place, function in _operations() if function.name not in words]
    assert not untested, "\n- ".join(
        ["Each business verb has a test, tests/servicing/<app>/test_<operation>.py, that calls it by name:", *untested]
    )


def test_operations_take_their_arguments_by_name():
    positional = [
        f"{place}:{function.lineno} {function.name}"
        for place, function in _operations()
        if function.args.args and place != "milepost/servicing/audit/operations.py"  # audit.record("what.happened", …)
    ]
    assert not positional, "\n- ".join(
        ["An operation is keyword-only: put `*,` before its first argument:", *positional]
    )


def _row_touches(path: Path) -> Iterator[ast.Attribute]:
    """`.objects` and the calls that write. The demo's own tables, and a session's, are their owner's business."""
    own = {name.rpartition(".")[2] for _, name in sources.imports(path) if name.startswith("milepost.demo.models.")}
    for node in ast.walk(sources.tree(path)):
        if not isinstance(node, ast.Attribute) or node.attr not in {
            "objects",
            "_default_manager",
            "_base_manager",
            *WRITES,
        }:
            continue
        words = ast.unparse(node.value)
        if "session" in words or words.split(".")[0] in own:
            continue
        if node.attr in WRITES - {"save", "asave"} and "objects" not in words:
            continue  # somebody else's .create(), not a manager's
        yield node


def _operations() -> Iterator[tuple[str, ast.FunctionDef]]:
    """What the apps offer to be done: an operations.py; of a package what it hands out and the verb of each file.

    The rest of a package are parts that its verbs share.
    """
    for path in sources.python("milepost/servicing/"):
        if path.stem != "operations" and path.parent.name != "operations":
            continue
        door = path.parent / "__init__.py"
        handed = {name.rpartition(".")[2] for _, name in sources.imports(door)} | {path.stem}
        for node in sources.tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if path.stem == "operations" or node.name in handed:
                yield sources.name(path), node
