"""What every test may use. No fixture here holds a task group open: its end would run in another task."""

import inspect
import os
import shutil
from types import SimpleNamespace
from typing import Any

import aioresponses.core
import pytest
from aiohttp import ClientResponse, StreamReader
from aiohttp.client_proto import ResponseHandler
from hypothesis import Phase, settings
from prometheus_client import CollectorRegistry

from watchd.clock import ManualClock
from watchd.telemetry.metrics import Metrics

ROOM = 2**30

# The same examples every time, so that a red run is about the change at hand. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("same", derandomize=True, phases=[phase for phase in Phase if phase is not Phase.explain])
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


class AnswerWithoutWriter(ClientResponse):
    """A response that nobody wrote a request for: aiohttp wants to know the writer, aioresponses has none."""

    def __init__(self, *args: Any, stream_writer: Any = None, **kwargs: Any) -> None:
        writer: Any = stream_writer or SimpleNamespace(output_size=0)
        super().__init__(*args, stream_writer=writer, **kwargs)


def _roomy_reader(loop: Any = None) -> StreamReader:
    """A body that never asks its connection to pause, since there is no connection."""
    return StreamReader(ResponseHandler(loop=loop), limit=ROOM, loop=loop)


def mend_aioresponses() -> None:
    """Let aioresponses answer on aiohttp from 3.14 on; aiohttp itself stays as it is, and so does an aioresponses that can."""
    module: Any = aioresponses.core
    if "stream_writer" in inspect.signature(ClientResponse.__init__).parameters:
        module.ClientResponse = AnswerWithoutWriter
    module.stream_reader_factory = _roomy_reader


mend_aioresponses()


def require_real(program: str) -> str:
    """The path of somebody else's program; without it the test is skipped, or fails where real programs are a must."""
    path = shutil.which(program)
    if path is not None:
        return path
    if os.environ.get("WATCHD_REQUIRE_REAL") == "1":
        pytest.fail(f"{program} is not installed, and WATCHD_REQUIRE_REAL=1 asks for it")
    pytest.skip(f"{program} is not installed")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())
