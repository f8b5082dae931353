"""Evidence that was sent before: the very same file, or a picture that looks the same. Shown to whoever verifies."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.db.models import Q

from tiendo.documents.files import opened
from tiendo.documents.states import Secrecy
from tiendo.kit.refusals import Refused
from tiendo.kit.uploads import in_child
from tiendo.tasks.models import Evidence, Part, Report
from tiendo.tasks.seeing import NEAR, apart, bands

PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"}
MOST = 300  # candidates of one picture; more share a piece of a look only by chance
LOOK = "tiendo.tasks.reuse.look"


@dataclass(frozen=True)
class Reused:
    """A file of a report that stands elsewhere too: the same bytes, or `apart` bits of 64; `seen` if the reader may see where."""

    file: Evidence
    other: Evidence
    apart: int
    seen: bool

    @property
    def is_same(self) -> bool:
        return self.file.digest == self.other.digest


def is_picture(name: str) -> bool:
    return PurePath(name).suffix.lower() in PICTURES


def look(numbers: list[int]) -> None:
    """The job: note what pictures look like. What cannot be read has no look; running it twice changes nothing."""
    for one in Evidence.objects.filter(pk__in=numbers, look=""):
        if not is_picture(one.name):
            continue
        try:
            with opened(one.digest) as file:
                seen = in_child("tiendo.tasks.seeing.look_of", file.read())
        except Refused:
            continue
        if seen:
            pieces = {f"look_{place}": band for place, band in enumerate(bands(seen), 1)}
            Evidence.objects.filter(pk=one.pk).update(look=seen, **pieces)


def reused(report: Report, person: Any) -> list[Reused]:
    """What of this report's files was sent in another part before or since; where the reader may not see it, only that it was."""
    files = list(report.evidence.all())
    found = [pair for file in files for pair in elsewhere(file, report.part)]
    visible = set(
        Part.objects.visible_to(person)
        .filter(pk__in={other.report.part_id for _file, other, _bits in found})
        .values_list("pk", flat=True)
    )
    return [
        Reused(file, other, bits, other.report.part_id in visible)
        for file, other, bits in found
        if other.report.part_id in visible or other.report.part.task.secrecy == Secrecy.OPEN
    ]


def elsewhere(file: Evidence, part: Part) -> Iterable[tuple[Evidence, Evidence, int]]:
    """The same file and near-same pictures in other parts, the same first, then the nearest."""
    alike = Q(digest=file.digest)
    if file.look:
        for place, band in enumerate(bands(file.look), 1):
            alike |= Q(**{f"look_{place}": band})
    rows = (
        Evidence.objects.filter(alike)
        .exclude(report__part=part)
        .select_related("report__part__task__programme", "report__part__unit")
        .prefetch_related("report__part__unit__names")
        .order_by("pk")[:MOST]
    )
    told = [(file, other, distance(file, other)) for other in rows]
    near = [one for one in told if one[2] <= NEAR]
    return sorted(near, key=lambda one: (one[1].digest != file.digest, one[2], one[1].pk))


def distance(file: Evidence, other: Evidence) -> int:
    if file.digest == other.digest:
        return 0
    return apart(file.look, other.look) if file.look and other.look else 64
