"""@job: an operation that may also run later, from a queue in the same PostgreSQL.

Deferring inside a transaction commits with it or not at all. Every queue delivers at least once, so a job takes a `key`
and its operation is idempotent under it. Arguments are ids and plain values, never a secret: they are stored.
"""

import asyncio
import inspect
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, cast

from django.db import InterfaceError, OperationalError, connection
from procrastinate import RetryStrategy, utils
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.tasks import Task

from milepost.plumbing import clock
from milepost.plumbing.errors import Unavailable

P = ParamSpec("P")
log = logging.getLogger("milepost.jobs")

HEARTBEAT = 5
STALLED = 20
"""Seconds: a worker that has not been heard of for this long is dead, and its jobs run again elsewhere."""
_SWEEP_EVERY = 5
_STARTS_AT_MOST = 12
"""A job that took this many workers down with it is not tried again."""
_BEGUN = ("doing", "succeeded", "failed", "cancelled", "aborting", "aborted")
"""The states of a job that does not wait."""
RETRIES = RetryStrategy(
    max_attempts=8, exponential_wait=3, retry_exceptions=(Unavailable, OperationalError, InterfaceError)
)
"""After 3, 9, 27 … seconds, for close to three hours: what is outside comes back, a bug does not."""


class Job(Generic[P]):
    """An operation with a queue. Call it to run it now; `defer` it, with the same arguments, to run it later."""

    def __init__(self, operation: Callable[P, None]) -> None:
        parameters = inspect.signature(operation).parameters
        if "key" not in parameters or any(p.kind is not p.KEYWORD_ONLY for p in parameters.values()):
            raise TypeError(f"{operation.__qualname__}: a job takes keywords only, `key` among them")
        self.operation = operation
        self.is_told_the_time = "at" in parameters
        self.name = f"{operation.__module__.removeprefix('milepost.')}.{operation.__name__}"
        self._task = cast("Task[..., None, ...]", app.task(name=self.name, retry=RETRIES)(self._run))
        update_wrapper(self, operation)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self.operation(*args, **kwargs)

    def defer(self, *, key: str, after: timedelta | None = None, **values: Any) -> None:
        """Queue it, in the transaction that is open if one is; `at` is the worker's to say."""
        wait = {"seconds": int(after.total_seconds())} if after else None
        self._task.configure(schedule_in=cast(Any, wait)).defer(key=key, **values)

    def _run(self, **values: Any) -> None:
        if (moment := values.pop("timestamp", None)) is not None:
            values["key"] = f"{self.name}:{moment}"
        if self.is_told_the_time:
            values.setdefault("at", clock.now())
        cast("Callable[..., None]", self.operation)(**values)


def job(operation: Callable[P, None]) -> Job[P]:
    """Lets this operation run from the queue too."""
    return Job(operation)


def repeating(times: str) -> Callable[[Callable[P, None]], Job[P]]:
    """Lets this operation run by itself as well, at these times (minute, hour, day, month, weekday, as in a crontab).

    One of it waits at most: what workers missed while they were away is made up for once. Its key names the moment.
    """

    def repeated(operation: Callable[P, None]) -> Job[P]:
        made = Job(operation)
        app.periodic(cron=times, queueing_lock=made.name)(made._task)
        return made

    return repeated


def waiting_since() -> datetime | None:
    """Since when the oldest job that may run has waited for a worker; None when none waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(greatest(event.at, job.scheduled_at)) FROM procrastinate_jobs job"
            " JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'"
            " WHERE job.status::text <> ALL(%s) AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())",
            [list(_BEGUN)],
        )
        (since,) = cursor.fetchone() or (None,)
    return cast("datetime | None", since)


def run_worker(*, concurrency: int = 4, until_idle: bool = False) -> None:
    """Work off the queue until SIGTERM or SIGINT (or until it is empty), putting dead workers' jobs back."""
    asyncio.run(_work(concurrency, until_idle))


async def _work(concurrency: int, until_idle: bool) -> None:
    # Not app.replace_connector(): what a job defers must go through Django's connection, so that it rolls back with
    # the job's own transaction. The worker's application shares the tasks and nothing else.
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    worker = DjangoApp(connector=connector, periodic_defaults=app.periodic_defaults)
    worker.tasks = app.tasks
    if not until_idle:  # what repeats is never idle
        worker.periodic_registry = app.periodic_registry
    async with worker.open_async():
        sweep = asyncio.create_task(_sweep_forever(worker))
        try:
            await worker.run_worker_async(
                concurrency=concurrency,
                wait=not until_idle,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED,
                shutdown_graceful_timeout=4,
                delete_jobs="successful",
            )
        finally:
            sweep.cancel()


async def _sweep_forever(worker: DjangoApp) -> None:
    while True:
        try:
            await sweep(worker)
        except Exception:
            log.exception("jobs.sweep_failed")
        await asyncio.sleep(_SWEEP_EVERY)


async def sweep(worker: DjangoApp) -> int:
    """Put the jobs of dead workers back into the queue; how many. Two sweeps at once do no harm."""
    count = 0
    for stalled in await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        if stalled.attempts >= _STARTS_AT_MOST:
            log.error("jobs.given_up", extra={"job": stalled.id, "task": stalled.task_name})
            continue
        await worker.job_manager.retry_job(stalled, retry_at=utils.utcnow())
        log.warning("jobs.taken_over", extra={"job": stalled.id, "task": stalled.task_name})
        count += 1
    return count
