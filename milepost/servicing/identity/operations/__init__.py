"""What may be done about who somebody is. One verb a file."""

from milepost.servicing.identity.operations.accept_invitation import (
    InvitationClosed,
    NotProved,
    accept_invitation,
    record_facts_check,
)
from milepost.servicing.identity.operations.add_app import (
    HasAnApp,
    NewApp,
    NoOtherWay,
    NothingToConfirm,
    begin_app,
    confirm_app,
    new_app,
    remove_app,
)
from milepost.servicing.identity.operations.app_codes import reseal_seeds
from milepost.servicing.identity.operations.change_password import WrongOldPassword, change_password
from milepost.servicing.identity.operations.check_code import WrongCode, check_code
from milepost.servicing.identity.operations.check_password import WrongPassword, check_password, record_wrong_password
from milepost.servicing.identity.operations.correct_contacts import correct_contacts
from milepost.servicing.identity.operations.correct_many_contacts import correct_many_contacts
from milepost.servicing.identity.operations.end_sessions import (
    end_session,
    end_sessions,
    follow_session,
    record_sign_out,
)
from milepost.servicing.identity.operations.forget_device import forget_device
from milepost.servicing.identity.operations.freeze_sign_in import freeze_sign_in
from milepost.servicing.identity.operations.grant_access import (
    EmailTaken,
    PasswordRefused,
    grant_access,
    prove_contact,
    set_password,
    why_refused,
)
from milepost.servicing.identity.operations.invite import (
    AlreadyJoined,
    answer_invitation_request,
    invite,
    request_invitation,
    send_invitation,
)
from milepost.servicing.identity.operations.notice_half_sign_in import notice_half_sign_in
from milepost.servicing.identity.operations.pause_sign_in import pause_sign_in
from milepost.servicing.identity.operations.record_sign_in import record_sign_in
from milepost.servicing.identity.operations.recovery_codes import renew_recovery_codes
from milepost.servicing.identity.operations.reset_password import (
    LinkClosed,
    request_password_reset,
    request_user_name,
    reset_password,
    send_reset_links,
    send_user_name,
)
from milepost.servicing.identity.operations.spend_guess import Paused, clear_guesses, spend_guess
from milepost.servicing.identity.operations.start_challenge import (
    NoWayToReach,
    TooSoon,
    send_another,
    send_code,
    start_challenge,
)
from milepost.servicing.identity.operations.take_in import NewUser, take_in
from milepost.servicing.identity.operations.tell import tell

__all__ = [
    "AlreadyJoined",
    "EmailTaken",
    "HasAnApp",
    "InvitationClosed",
    "LinkClosed",
    "NewApp",
    "NewUser",
    "NoOtherWay",
    "NoWayToReach",
    "NotProved",
    "NothingToConfirm",
    "PasswordRefused",
    "Paused",
    "TooSoon",
    "WrongCode",
    "WrongOldPassword",
    "WrongPassword",
    "accept_invitation",
    "answer_invitation_request",
    "begin_app",
    "change_password",
    "check_code",
    "check_password",
    "clear_guesses",
    "confirm_app",
    "correct_contacts",
    "correct_many_contacts",
    "end_session",
    "end_sessions",
    "follow_session",
    "forget_device",
    "freeze_sign_in",
    "grant_access",
    "invite",
    "new_app",
    "notice_half_sign_in",
    "pause_sign_in",
    "prove_contact",
    "record_facts_check",
    "record_sign_in",
    "record_sign_out",
    "record_wrong_password",
    "remove_app",
    "renew_recovery_codes",
    "request_invitation",
    "request_password_reset",
    "request_user_name",
    "reseal_seeds",
    "reset_password",
    "send_another",
    "send_code",
    "send_invitation",
    "send_reset_links",
    "send_user_name",
    "set_password",
    "spend_guess",
    "start_challenge",
    "take_in",
    "tell",
    "why_refused",
]
