"""Writes docs/openapi.json, the API as integrators see it, and docs/rights.md beside it. Tests compare both with what they tell."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")
    import django

    django.setup()
    from tiendo.web.api import document

    target = ROOT / "docs" / "openapi.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(document(), encoding="utf8")
    print(f"wrote {target.relative_to(ROOT)}")
    import rights

    rights.main()


if __name__ == "__main__":
    main()
