"""What `watchd status` says of the episodes TMDB told of."""

from typing import Any

import pytest

from watchd.cli.status import lines

REST: dict[str, Any] = {
    "version": "1", "started_at": "now", "healthy": True, "accounts": [],
    "backlog": {"pending": 0, "dead": 0, "oldest_at": None},
}  # fmt: skip


@pytest.mark.parametrize(
    "aired, said",
    [
        ({"tmdb": False}, None),
        ({"none": 0, "failing": 0}, "12 told of, 3 wait"),
        ({"none": 2, "failing": 0}, "12 told of, 3 wait, 2 unknown there"),
        ({"none": 0, "failing": 4, "reason": "HTTP 500"}, "12 told of, 3 wait, 4 failing (HTTP 500)"),
        ({"none": 0, "failing": 4}, "12 told of, 3 wait, 4 failing"),
    ],
)
def test_it_says_how_far_tmdb_has_told_what_airs(aired: dict[str, Any], said: str | None) -> None:
    told = {"tmdb": True, "told": 12, "waiting": 3, "reason": None} | aired
    last = lines({**REST, "aired": told})[-1]
    assert last == f"episodes by TMDB: of the shows of the library {said}" if said else "episodes" not in last


def test_an_older_daemon_says_nothing_of_it() -> None:
    assert "episodes" not in lines(REST)[-1]
