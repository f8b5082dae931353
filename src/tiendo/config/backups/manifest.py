"""What a backup says about itself: every file with its hash, every table with its rows, the head of the record."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "tiendo-backup-1"
NAME = "manifest.json"
CHUNK = 2**20


class Doubt(Exception):
    """Something about a backup or a restore is not as it must be; the sentence says what."""


@dataclass(frozen=True)
class Manifest:
    """`made_at` is the real clock's; `head` is the newest entry and seal, in the record's own time."""

    made_at: str
    engine: str
    database: str  # its file in the folder
    tables: dict[str, int]
    head: dict[str, Any]
    parts: dict[str, dict[str, Any]]  # file in the folder: sha256, bytes
    keys_elsewhere: dict[str, str] = field(default_factory=dict)  # place: sha256
    format: str = FORMAT


def sha256(place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def parts_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Every file beneath the folder, with hash and size."""
    return {
        place.relative_to(folder).as_posix(): {
            "sha256": sha256(place),
            "bytes": place.stat().st_size,
        }
        for place in files_of(folder)
        if place.name != NAME
    }


def files_of(folder: Path) -> Iterator[Path]:
    return (place for place in sorted(folder.rglob("*")) if place.is_file())


def write(manifest: Manifest, folder: Path) -> None:
    place = folder / NAME
    place.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n", "utf8")
    for kept in [*files_of(folder), *(p for p in folder.rglob("*") if p.is_dir()), folder]:
        sync(kept)


def sync(place: Path) -> None:
    """Have the disk itself hold it, not only the system's memory."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path) -> Manifest:
    place = folder / NAME
    if not place.is_file():
        raise Doubt(f"{folder} is no backup: there is no {NAME} in it.")
    try:
        told = json.loads(place.read_text("utf8"))
        manifest = Manifest(**told)
    except (ValueError, TypeError) as fault:
        raise Doubt(f"{place} cannot be read: {fault}") from None
    if manifest.format != FORMAT:
        raise Doubt(
            f"{place} is of another format ({manifest.format}); this version reads {FORMAT}."
        )
    return manifest


def verified(folder: Path) -> Manifest:
    """The manifest, once every file was found to be what it was when it was written."""
    manifest = read(folder)
    faults = [f"{name} {fault}" for name, fault in differences(manifest, folder)]
    if faults:
        more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
        raise Doubt(f"This backup is damaged: {'; '.join(faults[:5])}{more}.")
    return manifest


def differences(manifest: Manifest, folder: Path) -> Iterator[tuple[str, str]]:
    present = {p.relative_to(folder).as_posix(): p for p in files_of(folder) if p.name != NAME}
    for name in sorted(manifest.parts.keys() | present.keys()):
        if name not in present:
            yield name, "is missing"
        elif name not in manifest.parts:
            yield name, "does not belong to it"
        elif sha256(present[name]) != manifest.parts[name]["sha256"]:
            yield name, "has changed"
