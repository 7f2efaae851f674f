"""Any method of Trakt's for the one at the command line: what Trakt refuses is said in words."""

from pathlib import Path
from typing import Any

import pytest

from tests.services.home import a_home
from watchd.clients.trakt_methods import NotAMethod
from watchd.services.asking import BadCall, call_of
from watchd.standins.faults import Fault


@pytest.mark.parametrize(
    "fault, said",
    [
        (Fault("status", status=426, path="/users/saved_filters"), "VIP"),
        (Fault("status", status=423, path="/users/saved_filters"), "locked"),
        (Fault("status", status=403, path="/users/saved_filters"), "not for this app"),
        (Fault("html", status=403, path="/users/saved_filters"), "the proxy before Trakt"),
        (Fault("status", status=422, path="/users/saved_filters", body={"errors": "odd"}), "odd"),
    ],
)
async def test_a_refusal_without_words_is_put_into_words(tmp_path: Path, fault: Fault, said: str) -> None:
    async with a_home(tmp_path) as home:
        home.trakt.faults.add(fault)
        asking = home.daemon.desk.ports.asking
        told: dict[str, Any] = dict(await asking.ask(None, {"method": "GET", "path": "users/saved_filters/movies"}))
        assert told["status"] == fault.status
        assert said in told["error"]


async def test_tokens_are_not_asked_for_by_hand(tmp_path: Path) -> None:
    async with a_home(tmp_path) as home:
        before = len(home.trakt.requests)
        with pytest.raises(NotAMethod, match="watchd login"):
            await home.daemon.desk.ports.asking.ask(None, {"method": "POST", "path": "oauth/revoke", "data": {}})
        assert len(home.trakt.requests) == before


@pytest.mark.parametrize(
    "told",
    [
        {"method": "GET"},
        {"method": "GET", "path": "/"},
        {"method": "GET", "path": "genres/movies", "params": {"a": 1}},
        {"method": "GET", "path": "genres/movies", "extended": "full"},
        {"method": "GET", "path": "genres/movies", "all": "yes"},
    ],
)
def test_what_is_no_call_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(BadCall):
        call_of(told)
