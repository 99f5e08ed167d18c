"""People who sign in, how we reach them, and what they proved."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from milepost.finance.calendars import FOREVER
from milepost.servicing.identity.states import ChallengeKind, ContactKind, GuessKind, Purpose, Role


class User(AbstractBaseUser):
    """A person. Someone imported from a tape has no password until she accepts her invitation.

    What she signs in with is her e-mail (a ContactPoint) or a user name of her own; neither is her identity, `id` is.
    """

    last_login = None
    id = models.BigAutoField(primary_key=True)
    role = models.CharField(max_length=12, default=Role.CUSTOMER.value)
    user_name = models.CharField(max_length=64, blank=True)
    user_name_folded = models.CharField(max_length=64, null=True, unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    session_epoch = models.IntegerField(default=1)
    """Every session carries it; one more ends them all."""
    frozen_at = models.DateTimeField(null=True)
    """Since when nobody signs in as her, because she said that somebody else had; a new password ends it."""

    USERNAME_FIELD = "user_name_folded"
    EMAIL_FIELD = ""

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="identity_user_role"),
        )

    def __str__(self) -> str:
        return f"user {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must still match. Not the password's hash: that changes when it is strengthened at sign-in."""
        words = f"{self.pk}:{self.session_epoch}"
        return salted_hmac("milepost.identity.session", words, secret=secret, algorithm="sha256").hexdigest()


class ContactPoint(models.Model):
    """An e-mail address or a phone number of a person, from a day until a day: the only store of either.

    `folded` is what is compared: a case-folded, normalised address, or a number in E.164. A verified, current address
    belongs to one person only, because one can sign in with it.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contact_points", db_index=False)
    kind = models.CharField(max_length=5)
    value = models.CharField(max_length=254)
    folded = models.CharField(max_length=254)
    verified_at = models.DateTimeField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(default=FOREVER)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ContactKind]), name="contact_point_kind"
            ),
            models.UniqueConstraint(
                fields=("kind", "folded"),
                condition=Q(verified_at__isnull=False, valid_to=FOREVER),
                name="contact_point_verified_once",
            ),
        )
        indexes = (
            models.Index(fields=("user", "kind"), name="contact_point_user"),
            models.Index(fields=("folded",), name="contact_point_folded"),
        )


class Challenge(models.Model):
    """A code or a link that we sent, to be given back once, for one purpose, in the session it is bound to.

    Holds only a keyed hash of the secret, and nothing until it is sent: the job that sends it makes it. One that asks
    for a code of her authenticator app or of her paper holds none: her Factor or RecoveryCode does. Wrong answers
    are counted on the person (GuessCounter), never here, so a new challenge buys no new guesses.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="challenges", db_index=False)
    purpose = models.CharField(max_length=16)
    kind = models.CharField(max_length=8)
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, null=True, db_index=False)
    new_address = models.CharField(max_length=254, blank=True)
    """Where it goes when it proves an address that we do not hold yet."""
    device_words = models.CharField(max_length=80, default="")
    """Chrome on Windows: where the code is asked for."""
    session_hash = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    spent_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(purpose__in=[purpose.value for purpose in Purpose]), name="challenge_purpose"
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in ChallengeKind]), name="challenge_kind"),
            models.CheckConstraint(
                condition=Q(spent_at__isnull=True) | Q(voided_at__isnull=True), name="challenge_one_end"
            ),
        )
        indexes = (
            models.Index(fields=("user", "purpose", "-created_at"), name="challenge_user"),
            models.Index(fields=("code_hash",), condition=~Q(code_hash=""), name="challenge_code"),
        )


class GuessCounter(models.Model):
    """Wrong answers in a row: of a person (or of a name that nobody has), or of one known device of a person.

    Counted in one statement before the answer is looked at, so that forty tries at once are still five.
    """

    pk = models.CompositePrimaryKey("subject", "kind")
    subject = models.CharField(max_length=80)
    """`user:7`, `user:7:device:3`, or `name:` and a keyed hash of what was typed."""
    kind = models.CharField(max_length=10)
    tries = models.IntegerField()
    paused_until = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in GuessKind]), name="guess_counter_kind"),
        )


class Device(models.Model):
    """A browser that this person has signed in on: known by a cookie of which we hold the hash.

    It counts its wrong tries by itself, so no stranger's can pause it. While trusted it needs no second step.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)
    words = models.CharField(max_length=80)
    """Chrome on Windows."""
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    trusted_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class SignIn(models.Model):
    """One sign-in with both steps done, and the session that it began."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_ins", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, db_index=False)
    at = models.DateTimeField()
    second_step = models.CharField(max_length=10)
    """A ChallengeKind, or TRUSTED for a trusted device."""
    device_words = models.CharField(max_length=80)
    address = models.GenericIPAddressField(null=True)
    session_key = models.CharField(max_length=40, default="")
    """Which row of django_session is hers; nothing once it was ended."""
    ended_at = models.DateTimeField(null=True)
    """When somebody ended it. One that only ran out has none."""

    class Meta:
        indexes = (models.Index(fields=("user", "-at"), name="sign_in_user"),)


class Factor(models.Model):
    """An authenticator app of a person: it counts once she has confirmed it with a code, and until she removes it.

    The seed is sealed (plumbing.sealing), and gone when the app is removed. `last_step` is the time step of the newest
    code that was taken: that one and those before it are never taken again.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="factors", db_index=False)
    sealed_seed = models.CharField(max_length=200, blank=True)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(sealed_seed=""), name="factor_seed_gone_with_it"
            ),
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(confirmed_at__isnull=False, removed_at__isnull=True),
                name="factor_one_app",
            ),
        )
        indexes = (models.Index(fields=("user",), name="factor_user"),)


class RecoveryCode(models.Model):
    """A code that she keeps on paper, to be used once: its first signs say which it is, the rest is hashed."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes", db_index=False)
    handle = models.CharField(max_length=3)
    code_hash = models.CharField(max_length=128)
    """As passwords are: argon2id under a pepper."""
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "handle"), name="recovery_code_handle"),)
