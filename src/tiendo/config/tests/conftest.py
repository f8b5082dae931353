from collections.abc import Iterator

import pytest

from tiendo.config.tests.houses import House, a_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A scratch house for the tests of one file."""
    yield from a_house(tmp_path_factory.mktemp("house"))
