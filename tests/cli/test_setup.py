"""Which database a command uses, and who stops it."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from milepost.cli.setup import _is_ours_to_stop
from milepost.config import database_roles


def test_a_server_left_behind_by_a_killed_command_is_stopped_by_the_next(tmp_path: Path):
    keeper = tmp_path / "keeper"
    assert _is_ours_to_stop(keeper, launched=True)
    assert not _is_ours_to_stop(keeper, launched=False)  # we are alive: a second command leaves it to us
    keeper.write_text("999999999")
    assert _is_ours_to_stop(keeper, launched=False)
    assert keeper.read_text() == str(os.getpid())


def test_a_demo_refuses_a_database_with_a_lenders_own_book(database_clone, settings):
    settings.DEMO = True
    database_roles.refuse_demo_over_a_real_book()  # the demo's own tables are here
    with database_clone.as_owner() as owner:
        owner.execute("DROP TABLE demo_outboxmessage")
    with pytest.raises(ImproperlyConfigured, match="lender's own book"):
        database_roles.refuse_demo_over_a_real_book()
