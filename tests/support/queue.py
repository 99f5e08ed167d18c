"""Working off the queue inside a test, as the worker would: in order, and what the jobs queue as well."""

import json

from django.db import connection
from procrastinate.contrib.django import app


def run_waiting() -> int:
    """Run every queued job on this connection; how many ran. A job that fails fails the test."""
    count = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id ="
                " (SELECT min(id) FROM procrastinate_jobs WHERE status = 'todo') RETURNING task_name, args::text"
            )
            row = cursor.fetchone()
        if row is None:
            return count
        name, values = row
        app.tasks[name].func(**json.loads(values))
        count += 1
