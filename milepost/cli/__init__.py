"""The `milepost` command. Each command is one file here, loaded only when it is called."""

import sys


def main() -> None:
    """Run the command that the words name.

    `calculate` is run by itself, since the library that reads the others' words takes as long to load as all of its
    arithmetic; of the options that stand before a command only `--data` concerns it.
    """
    words = sys.argv[1:]
    data = None
    if words[:1] == ["--data"] and len(words) > 1:
        data, words = words[1], words[2:]
    elif words and words[0].startswith("--data="):
        data, words = words[0].partition("=")[2], words[1:]
    if words[:1] == ["calculate"]:
        from milepost.cli import calculate

        sys.exit(calculate.run(words[1:], data))
    from milepost.cli.group import group

    group()
