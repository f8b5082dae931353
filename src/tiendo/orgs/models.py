from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tiendo.kit.dates import DayField, Effective, EffectiveQuerySet

STATE, PARTY, SECTOR = "state", "party", "sector"
LONG = 40  # letters: beyond it a name crowds a line of several things
LANGUAGES_BY_NEED = {
    "vi": ("vi", "en"),
    "en": ("en", "vi"),
    "fr": ("fr", "en", "vi"),
    "ru": ("ru", "en", "vi"),
}


class Tree(models.TextChoices):
    """Trees a unit may hang in; rights always follow the State's (ADR 16)."""

    STATE = STATE, _("The State")
    PARTY = PARTY, _("The Party")
    SECTOR = SECTOR, _("Sectors")


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
    COMMITTEE = "committee", _("Committee")
    DEPARTMENT = "department", _("Department")
    OFFICE = "office", _("Standing office")


class UnitQuerySet(models.QuerySet["Unit"]):
    def as_of(self, day: date) -> Self:
        """Units that exist on that day."""
        return self.filter(begins_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def within(self, node: "Unit", on: date | None = None, tree: str = STATE) -> Self:
        """The node and all beneath it: where they hang now (or hung at their end), or on a day."""
        if on is None and tree == STATE:
            return self.filter(path__beneath=node.path)
        places = Placement.objects.filter(tree=tree)
        then = places.filter(ends_on__isnull=True) if on is None else places.as_of(on)
        place = then.filter(unit=node).first()
        if place is None:
            return self.none()
        return self.filter(pk__in=then.filter(path__beneath=place.path).values("unit"))

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

    def brief_name_on(self, day: date | None) -> str:
        """As it stands in a square of a map: “Hà Giang”, not “Tỉnh Hà Giang”."""
        if (get_language() or "vi")[:2] != "vi":
            return self.name_on(day)
        use = UnitName.Use.SHORT
        return pick_name(self.names.all(), day, "vi", use=use) or self.name_on(day)

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
        indexes = [
            models.Index(fields=["tree", "parent"], name="orgs_placement_parent"),
            models.Index(  # a branch of one tree: LIKE on PostgreSQL needs the order of bytes
                fields=["tree", "path"],
                name="orgs_placement_branch",
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            ),
        ]

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


class Tile(models.Model):
    """Where a unit stands in the tile map of its country."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="tile")
    column = models.PositiveSmallIntegerField()
    row = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orgs_tile_on_the_map", condition=Q(column__gt=0) & Q(row__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} at {self.column}, {self.row}"


class Committee(models.Model):
    """A unit that is a body of people: of which type, at which level, whom it serves, by which text."""

    class Type(models.TextChoices):
        STEERING = "steering", _("Steering committee")
        COUNCIL = "council", _("Advisory council")
        WORKING_GROUP = "working_group", _("Working group")
        SUPPORT_TEAM = "support_team", _("Support team")

    class Level(models.TextChoices):
        CENTRAL = "central", _("Central")
        PROVINCIAL = "provincial", _("Provincial")
        COMMUNE = "commune", pgettext_lazy("level of a committee", "Commune")

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="committee")
    type = models.CharField(max_length=16, choices=Type)
    level = models.CharField(max_length=12, choices=Level)
    serves = models.ForeignKey(Unit, models.PROTECT, related_name="served_by")
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("committee")

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def path(self) -> str:
        return str(self.unit.path)


class StandingOffice(Effective):
    """The unit that is a committee's standing office, from–to."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="standing_offices")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="standing_office_of")
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta(Effective.Meta):
        constraints = [
            *Effective.Meta.constraints,
            models.UniqueConstraint(
                fields=["committee"],
                name="orgs_one_standing_office",
                condition=Q(ends_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} for {self.committee_id}"


class Post(models.Model):
    """A seat in a unit: duties and rights stay with it when people change."""

    class Kind(models.TextChoices):
        HEAD = "head", _("Head")
        STANDING_DEPUTY = "standing_deputy", _("Standing deputy head")
        DEPUTY = "deputy", _("Deputy head")
        STANDING = "standing", _("Standing member")
        MEMBER = "member", _("Member")
        SECRETARY = "secretary", _("Secretary")
        OFFICE_HEAD = "office_head", _("Head of the standing office")
        OFFICER = "officer", _("Officer")
        VERIFIER = "verifier", _("Verifier")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200, blank=True)
    opened_on = DayField(null=True, blank=True)
    closed_on = DayField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="orgs_post_closes_after_opening",
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gt=F("opened_on")),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def recorded_title(self) -> str:
        """As the record keeps it: its own title, else its kind, which each reader reads in their language."""
        return str(self.title or self.kind)

    @property
    def path(self) -> str:
        return str(self.unit.path)

    def stands_on(self, day: date) -> bool:
        """Whether it is there to be held that day; without days it always was."""
        opened = self.opened_on is None or self.opened_on <= day
        return opened and (self.closed_on is None or self.closed_on > day)


SOLE = frozenset({Post.Kind.HEAD, Post.Kind.STANDING_DEPUTY, Post.Kind.OFFICE_HEAD})
SEATED = frozenset(  # those who sit in a committee; the others work for it
    {
        Post.Kind.HEAD,
        Post.Kind.STANDING_DEPUTY,
        Post.Kind.DEPUTY,
        Post.Kind.STANDING,
        Post.Kind.MEMBER,
        Post.Kind.SECRETARY,
    }
)


class TenureQuerySet(EffectiveQuerySet):
    def of(self, person: Any, on: date) -> Any:
        return self.as_of(on).filter(person=person).select_related("post__unit")

    def meeting(self, starts_on: date, ends_on: date | None) -> Any:
        """Those that share at least one day with this span."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))
        return rows if ends_on is None else rows.filter(starts_on__lt=ends_on)


class Tenure(Effective):
    """A person holds a post, from–to."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="tenures")
    legal_basis = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = TenureQuerySet.as_manager()

    class Meta(Effective.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.person_id} in {self.post_id}"

    @property
    def path(self) -> str:
        return self.post.path


# ---------------------------------------------------------------- who must sit in a council
class Group(models.TextChoices):
    """The group a member stands for where a committee's composition is ruled."""

    SCIENTIST = "scientist", _("Scientists")
    MANAGER = "manager", _("Managers")
    ENTERPRISE = "enterprise", _("Enterprises")
    EXPERT = "expert", _("Leading experts")
    OVERSEAS = "overseas", _("Experts abroad")
    ASSOCIATION = "association", _("Associations")
    OTHER = "other", pgettext_lazy("group of members", "Others")


class Belonging(Effective):
    """The group a member stands for, from–to."""

    tenure = models.ForeignKey(Tenure, models.PROTECT, related_name="belongings")
    group = models.CharField(max_length=12, choices=Group)

    class Meta(Effective.Meta):
        constraints = [
            *Effective.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenure"],
                name="orgs_belongs_to_one_group",
                condition=Q(ends_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenure_id} {self.group}"


class CompositionRule(Effective):
    """Who must sit in a committee, from–to: its size, and the shares of groups (`shares`)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="rules")
    smallest = models.PositiveIntegerField(null=True, blank=True)
    largest = models.PositiveIntegerField(null=True, blank=True)
    is_binding = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=200, blank=True)

    class Meta(Effective.Meta):
        constraints = [
            *Effective.Meta.constraints,
            models.UniqueConstraint(
                fields=["committee"],
                name="orgs_one_composition_rule",
                condition=Q(ends_on__isnull=True),
            ),
            models.CheckConstraint(
                name="orgs_rule_sizes",
                condition=Q(smallest__isnull=True)
                | Q(largest__isnull=True)
                | Q(smallest__lte=F("largest")),
            ),
            models.CheckConstraint(
                name="orgs_binding_rule_knows_its_size",
                condition=Q(is_binding=False) | Q(largest__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"rule of {self.committee_id}"


class GroupShare(models.Model):
    """At least, at most so large a part of the members from one group; exact, as numerator over denominator."""

    rule = models.ForeignKey(CompositionRule, models.PROTECT, related_name="shares")
    group = models.CharField(max_length=12, choices=Group)
    least_numerator = models.PositiveIntegerField(null=True, blank=True)
    least_denominator = models.PositiveIntegerField(null=True, blank=True)
    most_numerator = models.PositiveIntegerField(null=True, blank=True)
    most_denominator = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "group"], name="orgs_share_once_a_group"),
            models.CheckConstraint(
                name="orgs_share_least",
                condition=Q(least_numerator__isnull=True, least_denominator__isnull=True)
                | Q(least_denominator__gt=0, least_numerator__lte=F("least_denominator")),
            ),
            models.CheckConstraint(
                name="orgs_share_most",
                condition=Q(most_numerator__isnull=True, most_denominator__isnull=True)
                | Q(most_denominator__gt=0, most_numerator__lte=F("most_denominator")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} in {self.rule_id}"
