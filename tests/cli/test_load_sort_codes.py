"""`milepost load-sort-codes`: what is kept, what is refused with its line, and which table applies."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from milepost.cli import load_sort_codes, sort_codes
from tests.finance.calculations.weights import SUBSTITUTIONS, WEIGHTS

ROW = WEIGHTS.splitlines()[0]


def loaded(folder: Path, weights: str | bytes, substitutions: str = SUBSTITUTIONS, day: str = "2026-06-20") -> Result:
    first, second = folder / "valacdos.txt", folder / "scsubtab.txt"
    first.write_bytes(weights if isinstance(weights, bytes) else weights.encode())
    second.write_text(substitutions)
    words = [str(first), str(second), "--effective", day, "--data", str(folder / "data")]
    return CliRunner().invoke(load_sort_codes.command, words)


def test_a_good_table_is_kept_under_its_date(tmp_path: Path):
    done = loaded(tmp_path, WEIGHTS)
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "data" / "sort-codes").iterdir()] == ["2026-06-20.json"]


@pytest.mark.parametrize(
    ("weights", "substitutions", "reason"),
    [
        (f"{ROW}\nnonsense\n", "", "valacdos.txt, line 2: is no row of the weight table"),
        (ROW.replace("100000 109999", "109999 100000"), "", "valacdos.txt, line 1"),
        (WEIGHTS, "170001,111111\n17,18", "scsubtab.txt, line 2: must be two sort codes"),
        ("", "", "valacdos.txt: holds no row"),
        (f"{ROW}\n{ROW}\n{ROW}\n", "", "valacdos.txt: has too many rows"),
        (f"{ROW}\n{ROW.replace('100000 109999', '105000 119999')}\n", "", "crossing"),
        (WEIGHTS.encode() + b"\xff", "", "valacdos.txt, line 3: holds something other than plain text"),
        (b"0" * (load_sort_codes.LARGEST_FILE + 1), "", "is larger than"),
    ],
    ids=["row", "range", "substitution", "empty", "thrice", "crossing", "binary", "large"],
)
def test_a_bad_file_is_refused_with_its_line_and_nothing_is_written(
    tmp_path: Path, weights: str | bytes, substitutions: str, reason: str
):
    done = loaded(tmp_path, weights, substitutions)
    assert done.exit_code == 1
    assert reason in done.output
    assert not (tmp_path / "data").exists()


def test_a_file_that_is_not_there_or_a_folder_that_cannot_be_written(tmp_path: Path):
    words = [str(tmp_path / "none.txt"), str(tmp_path / "none.txt"), "--effective", "2026-06-20"]
    missing = CliRunner().invoke(load_sort_codes.command, words)
    assert (missing.exit_code, "none.txt cannot be read" in missing.output) == (1, True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sort-codes").write_text("a file, not a folder")
    blocked = loaded(tmp_path, WEIGHTS)
    assert (blocked.exit_code, "cannot be written" in blocked.output) == (1, True)


def test_the_latest_table_that_applies_is_used(tmp_path: Path):
    place = sort_codes.folder(str(tmp_path / "data"))
    assert sort_codes.in_force(place, date(2026, 7, 1)) is None
    for day in ("2026-06-20", "2026-09-05"):
        loaded(tmp_path, WEIGHTS, day=day)
    (place / "notes.json").write_text("not a table")
    for on, since in (("2026-07-01", "2026-06-20"), ("2026-09-05", "2026-09-05"), ("2026-01-01", "2026-06-20")):
        found = sort_codes.in_force(place, date.fromisoformat(on))
        assert found
        assert found[1] == date.fromisoformat(since)
