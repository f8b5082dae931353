from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tiendo.kit.dates import DayField, InstantField


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
        return self.name

    @property
    def initials(self) -> str:
        """Two letters for the corner of the page."""
        words = self.name.split() or [self.username]
        return (words[0][:1] + words[-1][:1] if len(words) > 1 else words[0][:2]).upper()

    @property
    def path(self) -> str:
        """A person hangs nowhere in the tree; grants and tenures do."""
        return ""


class TokenQuerySet(models.QuerySet["Token"]):
    def standing(self, on: date) -> Self:
        """Those that open something on that day."""
        return self.filter(ended_at__isnull=True, expires_on__gt=on)


class Token(models.Model):
    """A key a person's own programs carry. Only its hash is kept; it never becomes a session."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = InstantField()
    expires_on = DayField(_("works until"))
    ended_at = InstantField(null=True, blank=True)

    objects: Any = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return ""
