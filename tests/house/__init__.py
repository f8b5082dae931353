"""The house's rules, each a small function that reads a text and says in sentences what is wrong with it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tiendo"


def rooms() -> list[str]:
    """The rooms that stand: folders of the package with code in them."""
    return sorted(place.parent.name for place in PACKAGE.glob("*/__init__.py"))


def own_python(pattern: str = "**/*.py") -> list[Path]:
    """The package's Python, without tests and migrations."""
    aside = {"tests", "migrations"}
    return sorted(p for p in PACKAGE.glob(pattern) if not aside & set(p.parts))


def page_files() -> list[Path]:
    """Where a person's or a machine's request is answered: views, API, all of web; `figures` may count."""
    shelves = ("*/views.py", "*/views/**/*.py", "*/api*.py", "web/**/*.py")
    return sorted({place for shelf in shelves for place in own_python(shelf)})


def test_files() -> list[Path]:
    return sorted([*PACKAGE.glob("*/tests/**/test_*.py"), *(ROOT / "tests").glob("**/test_*.py")])


test_files.__test__ = False  # a question to the house, not a test


def tracked() -> list[Path]:
    """Every file in git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def name(place: Path) -> str:
    return place.relative_to(ROOT).as_posix()
