"""What a child may be asked to do in tests: well, or ill."""

import os
import resource
import sys
import time
from pathlib import Path


def length(file):
    return len(Path(file).read_bytes())


def surroundings(file):
    return {"environment": list(os.environ), "django": "django" in sys.modules}


def limits(file):
    memory, _hard = resource.getrlimit(resource.RLIMIT_AS)
    seconds, _hard = resource.getrlimit(resource.RLIMIT_CPU)
    return {"memory": memory, "seconds": seconds}


def hungry(file):
    return len(bytearray(2**30))


def raising(file):
    raise ValueError


def exiting(file):
    os._exit(3)


def talkative(file):
    return "x" * (40 * 2**20)


def broken(file):
    sys.stdout.write("{")
    return 1


def sleeping(file):
    time.sleep(60)
