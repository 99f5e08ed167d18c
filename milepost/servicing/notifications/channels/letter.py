"""Letters, through the function that settings.LETTERS names: it takes the address, the subject and the words."""

import secrets
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from milepost.servicing.notifications.channels import Message


def send(message: Message) -> None:
    """Hand one letter to whoever prints and posts."""
    import_string(settings.LETTERS)(message.to, message.subject, message.text)


def write_to_folder(to: str, subject: str, body: str) -> None:
    """For a lender who prints by herself: a file a letter, readable by this system's user alone."""
    folder = Path(settings.DATA_FOLDER) / "letters"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(8)}.txt"
    path.touch(mode=0o600)
    path.write_text(f"{to}\n\n{subject}\n\n{body}", encoding="utf-8")
