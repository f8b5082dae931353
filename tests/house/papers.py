"""Rules for what git holds: no machine's path, no registry's host, nobody else's assets, locks that name only hashes."""

import json
import re
from collections.abc import Iterator

# Written in pieces, so that this file does not name what it forbids.
MACHINE = re.compile(r"(?<![\w.~-])/" + r"(?:work|tmp|root)(?:/|\b(?![\w-]))")
HOST = re.compile(
    "|".join(
        ["py" + r"pi\.org", "python" + "hosted", "npm" + "js", "npm" + "mirror", "art" + "ifactory"]
    ),
    re.I,
)
ASSET = re.compile(
    r"\.(woff2?|ttf|otf|eot|map|whl|tgz|tar\.gz|zip|jar|exe|so|dylib)$|\.min\.(js|css)$"
)
LONGEST_LINE = 2000  # nobody writes longer; minifiers do


def named_places(text: str) -> Iterator[str]:
    for fault, pattern in (("a path of this machine", MACHINE), ("a registry's host", HOST)):
        for found in pattern.finditer(text):
            yield f"line {text.count(chr(10), 0, found.start()) + 1}: {fault} “{found.group()}”"


def borrowed(name: str, text: str) -> Iterator[str]:
    """Signs that a file is somebody else's."""
    if ASSET.search(name):
        yield "is somebody else's asset"
    if name.endswith((".js", ".mjs", ".css")) and any(
        len(line) > LONGEST_LINE for line in text.splitlines()
    ):
        yield "looks minified"


def python_lock(text: str) -> Iterator[str]:
    if "://" in text or "--index" in text or "--find-links" in text:
        yield "names a host"
    wishes = re.split(r"\n(?=\S)", text.replace("\\\n", " ").strip())
    for wish in wishes:
        if wish and not wish.startswith("#") and "--hash=sha256:" not in wish:
            yield f"{wish.split()[0]} has no hash"


def node_lock(text: str) -> Iterator[str]:
    lock = json.loads(text)
    if '"resolved"' in text or "://" in re.sub(r'"(funding|url)": .*', "", text):
        yield "names a host"
    for name, package in lock["packages"].items():
        if name and not package.get("link") and "integrity" not in package:
            yield f"{name} has no hash"
