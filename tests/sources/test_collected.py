"""A collection of deliveries beside the checkout, when there is one: every row of its index must come out as it says."""

import csv
import json
from pathlib import Path

import pytest

from tests.sources.outcome import facts
from watchd.errors import MalformedPayload
from watchd.model.playback import Parsed
from watchd.sources import plex, trakt

COLLECTION = Path(__file__).parents[3] / "shared" / "payloads"
KNOWN_IDS = {"trakt", "slug", "imdb", "tmdb", "tvdb"}


def rows() -> list[dict[str, str]]:
    index = COLLECTION / "INDEX.csv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    return [row for row in table if row["source"] == "plex" or (row["source"] == "trakt" and row["event"] in trakt.VERBS)]


def parsed(row: dict[str, str]) -> Parsed:
    payload = json.loads((COLLECTION / row["file"]).read_text("utf-8-sig"))
    return plex.parse(payload) if row["source"] == "plex" else trakt.parse(row["event"], payload)


def expected(row: dict[str, str]) -> dict[str, object]:
    if row["action"] == "ignore":
        return {"ignored": row["ignore_reason"], "user": row["user"] or None, "type": row["type"] or None}
    table: dict[str, object] = {name: row[name] or None for name in ("action", "type", "title", "user")}
    table |= {name: int(row[name]) if row[name] else None for name in ("year", "season", "number")}
    for name in ("ids", "show_ids"):
        ids = json.loads(row[name]) if row[name] else {}
        table[name] = {key: value for key, value in ids.items() if key in KNOWN_IDS}
    table["progress"] = float(row["progress"]) if row["progress"] else None
    table["rating"] = float(row["rating"]) if row["rating"] else None
    if row["type"] == "episode" and row["source"] == "plex":
        table["episode_title"] = row["episode_title"] or None
    return table


@pytest.mark.skipif(not rows(), reason="no collection of payloads at ../shared/payloads beside the checkout")
@pytest.mark.parametrize("row", [pytest.param(row, id=row["file"]) for row in rows()])
def test_a_collected_delivery_becomes_what_its_index_says(row: dict[str, str]) -> None:
    if row["action"] == "invalid":
        with pytest.raises(MalformedPayload):
            parsed(row)
        return
    found, table = facts(parsed(row)), expected(row)
    if table.get("action") == "start" and table["progress"] == 0 and found["position"] is None:
        table["progress"] = found["progress"]  # no position at all: whether that is the beginning, the rules decide
    assert {name: found[name] for name in table} == table
