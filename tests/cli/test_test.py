"""The test command's closing line, which build servers read."""

from milepost.cli import test


def test_the_two_runs_are_summed_as_pytest_words_it(capsys):
    test._close([(0, {"passed": 10, "skipped": 1}), (0, {"passed": 5})], 61.5)
    assert "1 skipped" in (line := capsys.readouterr().out)
    assert "15 passed" in line
    assert "in 61.50s" in line


def test_a_failure_comes_first(capsys):
    test._close([(1, {"failed": 2, "passed": 3}), (5, {})], 1)
    assert " 2 failed, 3 passed in 1.00s " in capsys.readouterr().out
