"""The ways a message goes out. Each channel is one function, `send(message)`, which raises Unavailable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. It may hold a code, so it is never stored or logged."""

    to: str
    """An address, a number in E.164, or the lines of a postal address."""
    subject: str
    text: str
    html: str = ""
