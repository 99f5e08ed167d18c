"""`milepost calculate` as a shell meets it: a process of its own, lines in, lines out."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from milepost.finance.calculations import KINDS, answer, kind
from milepost.finance.calculations.json_lines import LONGEST_LINE
from tests.finance.calculations.weights import SUBSTITUTIONS, TABLES, WEIGHTS
from tests.support.sources import ROOT

COMMAND = [sys.executable, "-m", "milepost"]
GOOD = '{"apr_percent": "9.3"}\n'


def ran(*words: str, given: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    content = given.encode() if isinstance(given, str) else given
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST", "DJANGO"))}
    return subprocess.run(
        [*COMMAND, *words], input=content, capture_output=True, cwd=ROOT, env=inherited | environment, check=False,
        timeout=60,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_answers_its_examples_in_order(name: str, tmp_path: Path):
    requests = list(kind(name).examples.values())
    done = ran("calculate", name, "--data", str(tmp_path), given="".join(json.dumps(one) + "\n" for one in requests))
    assert told(done) == [answer(name, one) for one in requests]
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_wrong_line_is_answered_with_its_error_and_the_others_as_ever():
    lines = [GOOD, '{"apr_percent": 9.3}\n', "\n", "{\n", b"\xff\n".decode("latin-1"), "  \r\n", GOOD, "\n", "\n"]
    done = ran("calculate", "apr-tolerance", given="".join(lines).encode("latin-1"))
    codes = [line.get("error", {}).get("code", "answered") for line in told(done)]
    assert codes == [
        "answered", "wrong_type", "invalid_json", "invalid_json", "invalid_utf8", "invalid_json", "answered",
    ]  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")


def test_an_enormous_line_costs_neither_memory_nor_the_next_answer():
    enormous = b'{"apr_percent": "' + b"9" * (3 * LONGEST_LINE) + b'"}\n'
    done = ran("calculate", "apr-tolerance", given=enormous + GOOD.encode() + enormous[:-1])
    assert [line.get("error", {}).get("code") for line in told(done)] == ["too_long", None, "too_long"]


def test_the_last_line_needs_no_end_and_no_lines_are_no_error():
    assert told(ran("calculate", "apr-tolerance", given=GOOD.strip()))[0]["lowest_permitted"] == "9.2"
    done = ran("calculate", "apr-tolerance")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("words", [["mortgage"], [], ["apr", "hire"], ["apr", "--data"], ["--quick"]])
def test_a_wrong_command_names_every_kind_and_exits_two(words: list[str]):
    done = ran("calculate", *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"Error: ")
    assert words[-1:] == ["--data"] or all(name.encode() in done.stderr for name in KINDS)


def test_help_says_what_there_is():
    for words in (["calculate", "--help"], ["calculate", "-h"]):
        done = ran(*words)
        assert done.returncode == 0
        assert all(name.encode() in done.stdout for name in KINDS)
    assert b"calculate" in ran("--help").stdout


def test_each_answer_comes_before_the_next_question():
    with subprocess.Popen(
        [*COMMAND, "calculate", "apr-tolerance"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(3):
            process.stdin.write(GOOD.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["highest_permitted"] == "10.3"
        process.stdin.close()
    assert process.returncode == 0


def test_a_reader_who_leaves_and_a_person_who_interrupts_end_it_quietly():
    for ending in ("reader", "person"):
        with subprocess.Popen(
            [*COMMAND, "calculate", "apr-tolerance"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        ) as process:  # fmt: skip
            assert process.stdin
            assert process.stdout
            assert process.stderr
            process.stdin.write(GOOD.encode())
            process.stdin.flush()
            process.stdout.readline()
            if ending == "person":
                process.send_signal(signal.SIGINT)
            else:
                process.stdout.close()
                process.stdin.write(GOOD.encode())
                process.stdin.flush()
            assert process.wait(10) in (130, -signal.SIGPIPE)
            assert process.stderr.read() == b""


def test_it_starts_without_django_and_soon():
    loaded = (
        "import sys; sys.argv = ['milepost', 'calculate', 'schedule']\n"
        "from milepost.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(sorted({'django', 'click', 'psycopg', 'holidays'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", loaded], input=b"", capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.decode().strip() == "[]"
    taken = []
    for _ in range(3):
        start = os.times()
        ran("calculate", "apr-tolerance", given=GOOD)
        taken.append(os.times().children_user - start.children_user)
    assert min(taken) < 0.5  # seconds of one core, which a busy machine hardly stretches; 0.1 as a rule


def test_a_loaded_table_checks_accounts(tmp_path: Path):
    weights, substitutions = tmp_path / "valacdos.txt", tmp_path / "scsubtab.txt"
    weights.write_text(WEIGHTS)
    substitutions.write_text(SUBSTITUTIONS)
    words = ["load-sort-codes", str(weights), str(substitutions), "--effective", "2026-01-03"]
    done = ran(*words, "--data", str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    assert b"2 rows and 1 substitutions, effective 2026-01-03" in done.stdout
    account = {"sort_code": "100500", "account_number": "00000018"}
    expected = answer("bank-account", account, TABLES)
    assert expected["verified"]
    line = json.dumps(account)
    asked = ["calculate", "bank-account"]
    data = str(tmp_path / "data")
    assert told(ran(*asked, "--data", data, given=line)) == [expected]
    assert told(ran(*asked, f"--data={data}", given=line)) == [expected]
    assert told(ran("--data", data, *asked, given=line)) == [expected]
    assert told(ran(f"--data={data}", *asked, given=line)) == [expected]
    assert told(ran(*asked, given=line, MILEPOST_DATA=data)) == [expected]
    (tmp_path / "data" / "sort-codes" / "2026-01-03.json").write_text("{}")
    broken = ran(*asked, "--data", data, given=line)
    assert broken.returncode == 2
    assert b"load the table of 2026-01-03 again" in broken.stderr
