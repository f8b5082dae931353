from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tiendo.kit.dates import DayField, InstantField

CONSOLE = _("Operator")


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the name they sign in with."""

    def operator(self) -> "Person":
        """Whoever sits at the server's console: loads packs, names the first administrator, never signs in."""
        person, made = self.get_or_create(
            username="operator", defaults={"name": "Operator", "is_operator": True}
        )
        if made:
            person.set_unusable_password()
            person.save(update_fields=["password"])
        return person

    def named(self, words: str) -> "Person | None":
        """Whoever signs in by this name, or else has this e-mail; two spellings of one name find nobody."""
        for column in ("username", "email"):
            found = list(self.filter(**{f"{column}__iexact": words})[:2]) if words else []
            if found:
                return found[0] if len(found) == 1 else None
        return None


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is access' business; where they sit, orgs'."""

    username = models.CharField(_("sign-in name"), max_length=80, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_operator = models.BooleanField(_("acts from the console"), default=False)
    is_demo = models.BooleanField(_("demo account"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    # grows when the account is closed: whatever was handed out before opens nothing, even after it is opened again
    epoch = models.PositiveIntegerField(default=0)

    key_scope: str | None = None  # what a key may do; set at the door when a program asks

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "name"]

    objects: Any = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="people_person_one_email", condition=~models.Q(email="")
            )
        ]

    def __str__(self) -> str:
        return str(CONSOLE) if self.is_operator else self.name

    @property
    def initials(self) -> str:
        """Two letters for the corner of the page."""
        words = self.name.split() or [self.username]
        return (words[0][:1] + words[-1][:1] if len(words) > 1 else words[0][:2]).upper()

    @property
    def path(self) -> str:
        """A person hangs nowhere in the tree; grants and tenures do."""
        return ""

    @property
    def may_sign_in(self) -> bool:
        """By whatever door: password, passkey, provider, key. A real house knows no people of a story."""
        invented = self.is_demo and settings.PRODUCTION
        return self.is_active and not self.is_operator and not invented

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with the password and with the closing of the account."""
        value = f"{self.epoch}:{self.password}"
        return salted_hmac(
            "tiendo.people.session", value, secret=secret, algorithm="sha256"
        ).hexdigest()


class Scope(models.TextChoices):
    """What a key may do of all that its person may; `access` says which capabilities each holds."""

    READ = "read", _("Look only")
    REPORT = "report", _("Look, and report on tasks")
    ALL = "all", _("All that I may do")


class TokenQuerySet(models.QuerySet["Token"]):
    def standing(self, on: date) -> Self:
        """Those that open something on that day."""
        return self.filter(ended_at__isnull=True, expires_on__gt=on)


class Token(models.Model):
    """A key a person's own programs carry. Only its hash is kept; it never becomes a session."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("what it may do"), max_length=8, choices=Scope, default=Scope.READ)
    created_at = InstantField()
    expires_on = DayField(_("works until"))
    used_on = DayField(null=True, blank=True)  # the last day it opened something
    ended_at = InstantField(null=True, blank=True)

    objects: Any = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_token_known_scope", condition=models.Q(scope__in=Scope.values)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return ""
