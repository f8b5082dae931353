"""A parser of strangers' files runs here: another process, with nothing of ours to lose, little memory and little time.

Started by `uploads.in_child` as `python -m tiendo.kit.child FUNCTION FILE`; writes what the function gives as JSON. It
knows no settings, no database and no secret, and its limits are set before anything of the file is read.
"""

import json
import resource
import sys
from importlib import import_module

MEMORY, SECONDS, ANSWER = 512 * 2**20, 10, 32 * 2**20


def limit() -> None:
    """512 MB of addresses, 10 s of work, an answer of 32 MB, no other process, no core."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(function: str, file: str) -> None:
    limit()
    module, _, name = function.rpartition(".")
    answer = getattr(import_module(module), name)(file)
    json.dump(answer, sys.stdout, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(*sys.argv[1:])
