"""A live site of the fault tests' own: what happens to it happens to nobody else."""

from collections.abc import Iterator

import pytest

from tests.server import LiveServer, start_server


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with start_server(tmp_path_factory.mktemp("faults")) as server:
        yield server
