from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tiendo.kit.dates import DayField, Effective, EffectiveQuerySet

STATE = "state"
LONG = 40  # letters: beyond it a name crowds a line of several things
LANGUAGES_BY_NEED = {
    "vi": ("vi", "en"),
    "en": ("en", "vi"),
    "fr": ("fr", "en", "vi"),
    "ru": ("ru", "en", "vi"),
}


class Kind(models.TextChoices):
    COUNTRY = "country", _("Country")
    BODY = "body", _("State body")
    MINISTRY = "ministry", _("Ministry")
    AGENCY = "agency", _("Agency")
    PROVINCE = "province", _("Province or city")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune")
    WARD = "ward", _("Ward")
    SPECIAL_ZONE = "special_zone", _("Special zone")
    PARTY = "party", _("Party body")
    COMMITTEE = "committee", _("Steering committee")
    DEPARTMENT = "department", _("Department")
    OFFICE = "office", _("Standing office")


class UnitQuerySet(models.QuerySet["Unit"]):
    def as_of(self, day: date) -> Self:
        """Units that exist on that day."""
        return self.filter(begins_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def within(self, node: "Unit", on: date | None = None, tree: str = STATE) -> Self:
        """The node and all beneath it: where they hang now (or hung at their end), or on a day."""
        if on is None:
            return self.filter(path__startswith=node.path)
        place = Placement.objects.as_of(on).filter(unit=node, tree=tree).first()
        if place is None:
            return self.none()
        beneath = Placement.objects.as_of(on).filter(tree=tree, path__startswith=place.path)
        return self.filter(pk__in=beneath.values("unit"))

    def with_names(self) -> Self:
        """Fetch the names with the units, so that a list asks once."""
        return self.prefetch_related("names")


class Unit(models.Model):
    """An identity that outlives its names, codes and places. Never found by its code."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    path = models.CharField(max_length=200, db_index=True, blank=True)
    begins_on = DayField()
    ends_on = DayField(null=True, blank=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    area_km2 = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    objects: Any = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        constraints = [
            models.CheckConstraint(
                name="orgs_unit_ends_after_begin",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("begins_on")),
            )
        ]

    def __str__(self) -> str:
        return self.name_on(None)

    def name_on(self, day: date | None, language: str | None = None) -> str:
        """Its name on a day (or its last one), in the reader's language as far as known."""
        return pick_name(self.names.all(), day, language or get_language() or "vi") or self.key

    @property
    def name(self) -> str:
        return self.name_on(None)

    @property
    def short_name(self) -> str:
        return self.short_name_on(None)

    def short_name_on(self, day: date | None) -> str:
        """Its name; where that would crowd a line, its short one, if it has one."""
        name = self.name_on(day)
        if len(name) <= LONG:
            return name
        use = UnitName.Use.SHORT
        return pick_name(self.names.all(), day, get_language() or "vi", use=use) or name

    def exists_on(self, day: date) -> bool:
        return self.begins_on <= day and (self.ends_on is None or self.ends_on > day)


def pick_name(names: Any, day: date | None, language: str, use: str = "name") -> str:
    """The name in use on a day; without a day, or before the first one, the latest."""
    called = [name for name in names if name.use == use]
    for wanted in LANGUAGES_BY_NEED.get(language[:2], ("en", "vi")):
        own = sorted((n for n in called if n.language == wanted), key=lambda n: n.starts_on)
        then = [
            n for n in own if day and n.starts_on <= day and (n.ends_on is None or n.ends_on > day)
        ]
        if then or own:
            return str((then or own)[-1].text)
    return ""


class UnitKind(Effective):
    """What a unit was, from–to: a commune may become a ward."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="kinds")
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta(Effective.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"


class UnitName(Effective):
    class Use(models.TextChoices):
        NAME = "name", _("Name")
        SHORT = "short", _("Short name")
        ALIAS = "alias", _("Also written")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names")
    language = models.CharField(max_length=2)
    use = models.CharField(max_length=8, choices=Use, default=Use.NAME)
    text = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, db_index=True)
    derived = models.BooleanField(default=False)

    class Meta(Effective.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class UnitCode(Effective):
    """A code means a unit only together with a day: 15 was Yên Bái, is Lào Cai."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="codes")
    system = models.CharField(max_length=10)
    code = models.CharField(max_length=20)

    class Meta(Effective.Meta):
        indexes = [models.Index(fields=["system", "code"], name="orgs_unitcode_code")]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"


class Placement(Effective):
    """Where a unit hangs in a tree, from–to. Paths are unit numbers with closing slashes."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="placements")
    tree = models.CharField(max_length=10, default=STATE)
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="children", null=True, blank=True)
    path = models.CharField(max_length=200, db_index=True)

    class Meta(Effective.Meta):
        indexes = [models.Index(fields=["tree", "parent"], name="orgs_placement_parent")]

    def __str__(self) -> str:
        return f"{self.tree} {self.path}"


class Succession(models.Model):
    """Who came from whom. `share` unknown stays empty; ratios are restated only where it is entered."""

    old = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="origins")
    on = DayField()
    share = models.DecimalField(max_digits=9, decimal_places=8, null=True, blank=True)
    is_default = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new", "on"], name="orgs_succession_once"),
            models.UniqueConstraint(
                fields=["old", "on"],
                name="orgs_succession_one_default",
                condition=Q(is_default=True),
            ),
            models.CheckConstraint(
                name="orgs_succession_share",
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class Post(models.Model):
    """A seat in a unit: duties and rights stay with it when people change."""

    class Kind(models.TextChoices):
        HEAD = "head", _("Head")
        DEPUTY = "deputy", _("Deputy head")
        STANDING = "standing", _("Standing member")
        MEMBER = "member", _("Member")
        OFFICE_HEAD = "office_head", _("Head of the standing office")
        OFFICER = "officer", _("Officer")
        VERIFIER = "verifier", _("Verifier")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def path(self) -> str:
        return str(self.unit.path)


class TenureQuerySet(EffectiveQuerySet):
    def of(self, person: Any, on: date) -> Any:
        return self.as_of(on).filter(person=person).select_related("post__unit")


class Tenure(Effective):
    """A person holds a post, from–to."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="tenures")

    objects: ClassVar[Any] = TenureQuerySet.as_manager()

    class Meta(Effective.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.person_id} in {self.post_id}"
