"""The three ways an operation can fail: the business refuses, the outside world is away, or we have a bug."""

from typing import ClassVar


class Refusal(Exception):
    """The business says no: expected, with a sentence that may be shown to the person who asked.

    A subclass names the rule in `code` and says in `sentence` what to do instead. It is shown as a form error,
    answered as 409 by the API, and never raises an alarm.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "We can't do that."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)

    def __str__(self) -> str:
        return str(self.args[0])


class Unavailable(Exception):
    """Something outside (a bank, a text gateway) does not answer: try again later."""


class InvariantBroken(Exception):
    """A statement about money that must hold does not. Never caught: the transaction dies with it."""
