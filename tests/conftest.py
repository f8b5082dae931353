"""The stage of the tests in `src` serves here too: one place says how a test house is furnished."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_place = Path(__file__).resolve().parent.parent / "src" / "conftest.py"
_spec = spec_from_file_location("stage", _place)
assert _spec
assert _spec.loader
_stage = module_from_spec(_spec)
_spec.loader.exec_module(_stage)

pytest_configure = _stage.pytest_configure
own_files, cast, several_connections = _stage.own_files, _stage.cast, _stage.several_connections
