"""The key that signs seals: a file of this installation, never in the database that it vouches for.

Beside it stand two more: the public keys this house has ever signed with, and the newest seal it has signed (its own anchor).
Whoever can change the database alone can change none of them.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from tiendo.kit.refusals import Refused

OTHERS = 0o027  # others may neither read nor write, the group may read


def signing_key() -> Ed25519PrivateKey:
    """The key of this installation, made on first use."""
    place = Path(settings.SEAL_KEY)
    if not place.exists():
        keep_first(place, fresh())
        know(public_of(read(place)))
    return read(place)


def read(place: Path) -> Ed25519PrivateKey:
    if settings.PRODUCTION and (fault := unsafe(place)):
        raise Refused(fault)
    key = load_pem_private_key(place.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"TIENDO_SEAL_KEY: {place} holds no Ed25519 key.")
    return key


def unsafe(place: Path) -> str:
    """What is wrong with where the key lies, naming the setting; nothing when it is well kept."""
    if not place.parent.is_dir() and place.parent != Path(settings.SEALS):
        return f"TIENDO_SEAL_KEY: the folder {place.parent} does not exist."
    if place.exists() and place.stat().st_mode & OTHERS:
        return f"TIENDO_SEAL_KEY: others can read or change {place}. Run: chmod 600 {place}"
    return ""


def fresh() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def keep_first(place: Path, content: bytes) -> None:
    """Write a key where none is; of two that come at once, the first stays."""
    draft = drafted(place, content)
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def drafted(place: Path, content: bytes) -> Path:
    """A file beside the place, whole and safe on disk, that only its owner reads."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    with os.fdopen(number, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return Path(name)


def prepare_next() -> str:
    """Make the key that comes next; it lies beside the one in use until the act that names it stands."""
    place = next_place()
    place.unlink(missing_ok=True)
    keep_first(place, fresh())
    return public_of(read(place))


def next_public() -> str:
    """The public half of the key that waits to be used, if one does."""
    return public_of(read(next_place())) if next_place().exists() else ""


def take_next() -> None:
    """Sign with the next key from now on; the old one stays beside it, for its owner to keep or destroy."""
    place, used = Path(settings.SEAL_KEY), public_of(signing_key())
    old = place.with_name(f"{place.name}.until-{used[:8]}")
    if not old.exists():
        os.link(place, old)
    next_place().replace(place)  # at one stroke: a house killed here never stands without a key
    know(public_of(signing_key()))


def next_place() -> Path:
    place = Path(settings.SEAL_KEY)
    return place.with_name(f"{place.name}.next")


def public_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def signed(key: Ed25519PrivateKey, told: bytes) -> str:
    return key.sign(told).hex()


def is_signed(public: str, told: bytes, signature: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), told)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- the keys this house has signed with ----------------------------------------------------------


def known_place() -> Path:
    return Path(settings.SEALS) / "known-keys.txt"


def known() -> set[str]:
    """Public keys this house has ever signed with, one a line."""
    place = known_place()
    return set(place.read_text("ascii").split()) if place.exists() else set()


def know(public: str) -> None:
    if public not in known():
        known_place().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with known_place().open("a", encoding="ascii") as out:
            out.write(f"{public}\n")


# --- the newest seal this house has signed --------------------------------------------------------


def own_anchor_place() -> Path:
    return Path(settings.SEALS) / "anchor.json"


def own_anchor() -> dict[str, Any] | None:
    place = own_anchor_place()
    found: dict[str, Any] | None = json.loads(place.read_text("ascii")) if place.exists() else None
    return found


def keep_anchor(anchor: dict[str, Any]) -> None:
    place = own_anchor_place()
    drafted(place, (json.dumps(anchor, indent=1) + "\n").encode("ascii")).replace(place)
