"""The queue: with the transaction or not at all, at least once, and nothing lost with a dead worker."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from procrastinate.contrib.django import DjangoApp, app

from milepost.plumbing import jobs
from milepost.plumbing.transactions import transaction
from milepost.servicing.notifications import operations as notifications
from milepost.servicing.notifications.models import Notification
from tests.support.database_clone import DatabaseClone

FACTS = {"name": "", "at": "today"}


def queue(key: str) -> None:
    notifications.send.defer(
        key=key, kind="PASSWORD_CHANGED", user_id=7, channel="TEXT", address="+447700900318", facts=FACTS
    )


def waiting(status: str = "todo") -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = %s", [status])
        return int(cursor.fetchone()[0])


def test_a_job_is_queued_with_the_transaction_or_not_at_all(database_clone: DatabaseClone) -> None:
    def queue_and_fail() -> None:
        with transaction():
            queue("lost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queue_and_fail()
    assert waiting() == 0
    with transaction():
        queue("kept")
    assert waiting() == 1


def test_a_job_takes_keywords_and_a_key() -> None:
    def keyless(*, at: datetime) -> None: ...

    def positional(key: str) -> None: ...

    for operation in (keyless, positional):
        with pytest.raises(TypeError, match="a job takes keywords only, `key` among them"):
            jobs.job(operation)


def test_a_worker_runs_what_waits_and_is_told_the_time(database_clone: DatabaseClone) -> None:
    queue("one")
    queue("two")
    before = datetime.now(UTC)
    jobs.run_worker(until_idle=True)
    rows = list(Notification.objects.order_by("key"))
    assert [(row.key, row.state) for row in rows] == [("one", "SENT"), ("two", "SENT")]
    assert all(before <= row.created_at <= datetime.now(UTC) for row in rows)
    assert waiting() == waiting("succeeded") == 0


def test_what_a_failed_job_queued_goes_with_it(database_clone: DatabaseClone) -> None:
    @jobs.job
    def parent(*, key: str) -> None:
        with transaction():
            queue("child")
            raise ZeroDivisionError

    try:
        parent.defer(key="p")
        jobs.run_worker(until_idle=True)
        assert waiting() == 0
        assert waiting("failed") == 1
    finally:
        app.tasks.pop(parent.name)


def test_the_jobs_of_a_dead_worker_run_again(database_clone: DatabaseClone) -> None:
    queue("stalled")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '21 seconds') RETURNING id"
        )
        worker_id = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker_id])

    async def sweep() -> int:
        worker = DjangoApp(connector=app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker.open_async():
            return await jobs.sweep(worker) + await jobs.sweep(worker)

    assert asyncio.run(sweep()) == 1
    jobs.run_worker(until_idle=True)
    assert Notification.objects.get().state == "SENT"


def test_the_worker_command_works_until_sigterm(database_clone: DatabaseClone) -> None:
    environment = {**os.environ, **database_clone.environment(), "MILEPOST_MODE": "test"}
    worker = subprocess.Popen([sys.executable, "-m", "milepost", "worker"], env=environment)
    try:
        queue("by the command")
        limit = time.monotonic() + 30
        while not Notification.objects.filter(state="SENT").exists() and time.monotonic() < limit:
            time.sleep(0.05)
        assert Notification.objects.get().state == "SENT"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=6) == 0
    finally:
        worker.kill()
