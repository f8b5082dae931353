"""The plan of a reform: what a person chose, as JSON read strictly. Units are numbers; −1, −2… are the new ones it founds."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tiendo.kit.api import WHOLE, keepable
from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import Kind as UnitKind

BIGGEST = 2**63 - 1
MOST = 1_000  # units named in one plan; a whole level is named by its kind
Existing = Annotated[int, Field(ge=1, le=BIGGEST, strict=True), WHOLE]
Named = Annotated[int, Field(ge=-MOST, le=BIGGEST, strict=True), WHOLE]
Key = Annotated[int, Field(ge=1, le=BIGGEST)]  # keys of JSON are text
Line = Annotated[str, AfterValidator(keepable), Field(max_length=300)]
Language = Literal["vi", "en", "fr", "ru"]
Names = dict[Language, Line]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewUnit(Strict):
    """A unit that the reform founds on its day."""

    names: Names
    kind: UnitKind
    beneath: Existing
    code: Annotated[str, AfterValidator(keepable), Field(max_length=20)] = ""


class Share(Strict):
    """An heir of a split unit and the part of it that it takes over, if known."""

    unit: Named
    share: Annotated[Decimal, Field(max_digits=9, decimal_places=8), WHOLE] | None = None


class GrantChoice(Strict):
    """What a role becomes: the same or a lesser one over an heir; empty: it ends with the unit."""

    role: Annotated[str, Field(max_length=20)]
    unit: Named | None = None


class Plan(Strict):
    """Each kind of reform reads the fields it needs; what is chosen for single things stands at the end."""

    units: Annotated[tuple[Existing, ...], Field(max_length=MOST)] = ()
    heirs: Annotated[tuple[Share, ...], Field(max_length=50)] = ()
    new: Annotated[tuple[NewUnit, ...], Field(max_length=50)] = ()
    beneath: Existing | None = None
    names: Names = {}
    code: Annotated[str, AfterValidator(keepable), Field(max_length=20)] = ""
    becomes: UnitKind | None = None
    level: UnitKind | None = None
    # what beneath a merged unit is taken over by a unit of its own kind (0: it hangs beneath the heir)
    organs: dict[Key, Annotated[int, Field(ge=0, le=BIGGEST, strict=True), WHOLE]] = {}
    children: dict[Key, Named] = {}  # which heir of a split unit gets what hangs beneath it
    parts: dict[Key, Named] = {}  # which heir gets an open part
    verifiers: dict[Key, Existing] = {}  # who verifies a part whose verifier would be its doer
    grants: dict[Key, GrantChoice] = {}

    def stored(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_defaults=True)

    def units_named(self) -> set[int]:
        """Every standing unit it names, anywhere."""
        named = {*self.units, *(heir.unit for heir in self.heirs), *(n.beneath for n in self.new)}
        named |= {*self.organs, *self.organs.values(), *self.children, *self.children.values()}
        named |= {*self.parts.values(), *self.verifiers.values()}
        named |= {one.unit for one in self.grants.values() if one.unit is not None}
        named |= {self.beneath} if self.beneath is not None else set()
        return {pk for pk in named if pk > 0}


def read_plan(stored: Any) -> Plan:
    """The plan that was stored, or that somebody sends; what cannot be read is said by its field."""
    try:
        return Plan.model_validate(stored)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise Invalid(f"{place}: {first['msg']}", field=f"plan.{place}") from error
