"""Files and functions stay small enough to be read in one go."""

import ast
import re
from pathlib import Path

from tests.support import sources

FILE_CEILING = 400
TEST_FILE_CEILING = 600
FUNCTION_CEILING = 60
CONFTEST_CEILING = 150
EXEMPT = re.compile(r"#\s*long because \w.{10,}")
"""A comment of this form in the file (or on the function's first line) lifts its ceiling, and says why."""


def test_no_file_is_too_long():
    over = []
    for path in sources.python(""):
        ceiling = TEST_FILE_CEILING if sources.name(path).startswith("tests/") else FILE_CEILING
        text = path.read_text()
        if text.count("\n") > ceiling and not EXEMPT.search(text):
            over.append(f"{sources.name(path)}: {text.count(chr(10))} lines, ceiling {ceiling}")
    assert not over, _advice(over, "Split it by what it does: operations.py becomes a package with one verb a file.")


def test_no_function_is_too_long():
    over = []
    for path in sources.python("milepost/"):
        lines = path.read_text().splitlines()
        for function in sources.functions(path):
            length = _length(function)
            if length > FUNCTION_CEILING and not EXEMPT.search(lines[function.lineno - 1]):
                over.append(f"{sources.name(path)}:{function.lineno} {function.name}: {length} lines")
    assert not over, _advice(over, f"Over {FUNCTION_CEILING} lines: give each step of it a function with a name.")


def test_conftest_stays_small():
    lines = (sources.ROOT / "tests" / "conftest.py").read_text().count("\n")
    assert lines <= CONFTEST_CEILING, f"{lines} lines: what a fixture does belongs in tests/support/"


def test_an_exemption_says_why():
    unexplained = [
        f"{sources.name(path)}:{number}"
        for path in sources.python("")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "# long because" in line and not EXEMPT.search(line)
    ]
    assert not unexplained, _advice(unexplained, "Write the reason after `# long because`.")


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the function without its docstring, which is never a reason to split."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno:
        length -= first.end_lineno - first.lineno + 1
    return length


def _advice(found: list[str], advice: str) -> str:
    return "\n- ".join([advice, *found])
