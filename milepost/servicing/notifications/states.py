"""What we tell people, by which channel, and the fate of a notification."""

from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "EMAIL"
    TEXT = "TEXT"
    VOICE = "VOICE"
    LETTER = "LETTER"


class NotificationState(StrEnum):
    QUEUED = "QUEUED"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class Kind(StrEnum):
    """What a message says; its templates are notifications/<kind in small letters>.*."""

    INVITATION = "INVITATION"
    INVITATION_CHECK = "INVITATION_CHECK"
    CONFIRM_EMAIL = "CONFIRM_EMAIL"
    SIGN_IN_CODE = "SIGN_IN_CODE"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a name, not a password
    USER_NAME = "USER_NAME"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - a name, not a password
    SIGN_IN_PAUSED = "SIGN_IN_PAUSED"
    NEW_DEVICE = "NEW_DEVICE"
    AFTER_FAILURES = "AFTER_FAILURES"
    HALF_SIGN_IN = "HALF_SIGN_IN"
    SIGN_IN_FROZEN = "SIGN_IN_FROZEN"
    JOINED = "JOINED"
    CHANGE_CODE = "CHANGE_CODE"
    SECOND_STEPS_CHANGED = "SECOND_STEPS_CHANGED"
