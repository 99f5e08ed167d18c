"""An import that is killed goes on where it stopped, and the end is the same as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time

from milepost.demo import book as invention
from milepost.servicing.agreements.models import Agreement
from milepost.servicing.payments.models import Payment
from milepost.servicing.tapes.models import Chunk, TakenIn, Tape
from milepost.servicing.tapes.states import TapeState
from tests.support.tapes import TODAY

AGREEMENTS = 1_600


def test_a_killed_import_goes_on_and_ends_the_same(database_clone, tmp_path):
    files = invention.invent(tmp_path, agreements=AGREEMENTS, seed=3, as_of=TODAY)
    with database_clone.as_owner() as own:
        own.execute(
            "INSERT INTO business_days_businessday (date, state, opened_at) VALUES ('2026-11-22', 'OPEN', now())"
        )
        own.commit()
    environment = {**os.environ, **database_clone.environment(), "MILEPOST_MODE": "test"}
    command = [
        sys.executable, "-m", "milepost", "import", str(files.book), "--format", "milepost", "--movements",
        str(files.movements),
        "--as-of", "2026-11-22",
    ]  # fmt: skip
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while Chunk.objects.count() < 1 and time.monotonic() < deadline and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    done = Chunk.objects.count()
    assert 0 < done < 4, "it was killed in the middle"
    assert Agreement.objects.count() == TakenIn.objects.count() == done * 500
    assert Tape.objects.get().state == TapeState.RUNNING

    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    chunks = "1 chunk was" if done == 1 else f"{done} chunks were"
    assert f"Went on after an interruption: {chunks} done already." in again.stdout
    assert "difference £0.00" in again.stdout
    assert Agreement.objects.count() == AGREEMENTS
    assert Tape.objects.get().state == TapeState.DONE
    assert Payment.objects.count() == files.payments
