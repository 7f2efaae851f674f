"""Exports of every age and shape, and hostile ones: what is read, and what is said of the rest."""

import json
import struct
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.sources.imports.zips import ALIEN, WIRE, a_zip, export, hidden, history, movie_play
from watchd.model.imports import Chunk
from watchd.sources.imports import archive
from watchd.sources.imports.archive import NotAnImport
from watchd.sources.imports.reading import chunks


def read(path: Path) -> dict[str, Chunk]:
    return {chunk.file: chunk for chunk in chunks(path)}


def plays(path: Path) -> list[int | None]:
    return [play.history_id for chunk in chunks(path) for play in chunk.plays]


def test_pages_come_by_their_numbers_and_rows_as_plays_or_with_a_reason(tmp_path: Path) -> None:
    found = read(a_zip(tmp_path / "x.zip", export()))
    assert plays(tmp_path / "x.zip") == [14_081_679_492, 11, 12, 13, 14, 15, 16, 17, 16]
    last = found["watched-history-10.json"]
    assert last.skipped == Counter({"names nothing that could be found again": 1, "is neither a movie nor an episode": 1})
    assert found["watched-history-2.json"].plays[1].watched_at == 0
    assert found["user-settings.json"].note == "personal data, not read"
    assert found["user-settings.json"].rows == 0
    assert "users/me/stats" in (found["_errors.json"].note or "")
    assert found["watched-movies.json"].rows == 0


def test_sections_are_found_under_their_names_and_lists_whose_slug_ends_in_digits(tmp_path: Path) -> None:
    found = read(a_zip(tmp_path / "x.zip", export()))
    sections = {name: chunk.section for name, chunk in found.items() if chunk.section}
    assert sections["ratings-movies.json"] == sections["ratings-episodes-2.json"] == "ratings"
    assert sections["lists-list-77-halloween-2019-2.json"] == "list:77"
    assert [row.trakt_id for row in found["lists-list-77-halloween-2019-2.json"].library] == [2]
    assert found["lists-lists.json"].library[0].title == "Halloween"
    rated = found["ratings-episodes-1.json"].library[0]
    assert (rated.type, rated.trakt_id, rated.title, rated.year) == ("episode", 102, "The Wire", 2002)


@pytest.mark.parametrize(
    "names",
    [
        ["watched-history"],
        ["watched-history-1", "watched-history-3"],
        ["watched-history", "watched-history-2"],
        ["me/watched/history-1", "me/ratings/ratings-movies"],
        ["Trakt Export/watched-history-1", "__MACOSX/._watched-history-1", "Trakt Export/.DS_Store"],
        ["WATCHED-HISTORY-1"],
    ],
)
def test_the_history_is_found_under_every_name_it_has_had(tmp_path: Path, names: list[str]) -> None:
    rows: dict[str, Any] = {name: [] if "history" not in name.lower() or "._" in name else history()[:1] for name in names}
    count = sum(bool(value) for value in rows.values())
    members = {name if name.endswith("DS_Store") else f"{name}.json": value for name, value in rows.items()}
    assert plays(a_zip(tmp_path / "x.zip", members)) == [14_081_679_492] * count


def test_names_doubled_by_the_older_layout_are_undone(tmp_path: Path) -> None:
    path = a_zip(
        tmp_path / "x.zip", {"u/ratings/ratings-movies.json": [], "u/lists/list-5-x.json": [], "u/lists/lists.json": []}
    )
    assert {chunk.section for chunk in chunks(path)} == {"ratings", "list:5", "lists"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"rows": 1}', b"[" * 100_000, b"[NaN]", b"[" + b"9" * 5000 + b"]", b"\xff\xfe\x00", b'"text"'],
)
def test_one_bad_member_is_reported_and_the_rest_is_read(tmp_path: Path, body: bytes) -> None:
    path = a_zip(tmp_path / "x.zip", {"watched-history-1": body, "watched-history-2": history()[:1]})
    found = read(path)
    assert found["watched-history-1.json"].skipped["cannot be read"] == 1 or body.startswith(b"[9")
    assert plays(path) == [14_081_679_492]


def test_a_byte_order_mark_and_indents_are_no_matter(tmp_path: Path) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(history(), indent=2).encode()
    assert len(plays(a_zip(tmp_path / "x.zip", {"watched-history": body}))) == 9


def test_members_with_hostile_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("../watched-history-1.json", "/watched-history-2.json", "a\\watched-history-3.json"):
            file.writestr(name, json.dumps(history()))
        link = zipfile.ZipInfo("watched-history-4.json")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("inner.zip", b"PK")
        file.writestr("watched-history-5.json", json.dumps(history()[:1]))
        file.writestr("watched-history-6.json", "[]")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("watched-history-6.json", json.dumps(history()))
    assert plays(path) == [14_081_679_492]
    assert sum(chunk.skipped.get("cannot be read", 0) for chunk in chunks(path)) == 7


def patched(path: Path, offset: int, form: str, value: int, *, local: int | None = None) -> None:
    """Overwrite a field of the first central directory entry, and of the first local header."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.index(b"PK\x01\x02") + offset, value)
    if local is not None:
        struct.pack_into(form, data, data.index(b"PK\x03\x04") + local, value)
    path.write_bytes(data)


def test_encrypted_and_lying_members_are_refused(tmp_path: Path) -> None:
    rows = {"watched-history-1": history(), "watched-history-2": history()[:1]}
    for number, (offset, form, value, local) in enumerate(
        [(8, "<H", 1, 6), (24, "<I", 10, 22), (24, "<I", 2**31, 22), (10, "<H", 9, 8)]
    ):
        path = a_zip(tmp_path / f"{number}.zip", rows)
        patched(path, offset, form, value, local=local)
        assert plays(path) == [14_081_679_492]


def test_a_bomb_and_an_archive_of_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_zip(
        tmp_path / "bomb.zip", {"watched-history-1": b" " * (20 * 1024 * 1024) + b"[]", "watched-history-2": history()[:1]}
    )
    assert plays(path) == [14_081_679_492]
    monkeypatch.setattr(archive, "LARGEST_WHOLE", 100)
    with pytest.raises(NotAnImport, match="too large"):
        plays(path)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 1)
    with pytest.raises(NotAnImport, match="members"):
        plays(path)


def test_what_is_no_export_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(NotAnImport, match="no data export"):
        plays(a_zip(tmp_path / "x.zip", {"user-profile": {}, "letterboxd": []}))
    for name, body in (("a.bin", b"\x00\x01\x02"), ("b.csv", b"a,b\n1,2\n"), ("c.json", b"[{}]"), ("d.json", b"{"), ("e", b"")):
        (tmp_path / name).write_bytes(body)
        with pytest.raises(NotAnImport):
            plays(tmp_path / name)


def test_a_single_file_of_the_export_is_read_by_its_name_or_its_rows(tmp_path: Path) -> None:
    (tmp_path / "ratings-movies.json").write_text(json.dumps(export()["ratings-movies"]))
    assert next(chunks(tmp_path / "ratings-movies.json")).section == "ratings"
    (tmp_path / "mine.json").write_text(json.dumps([movie_play(5, "2020-01-01T10:00:00.000Z")]))
    assert plays(tmp_path / "mine.json") == [5]


def test_an_empty_account_is_an_export_too(tmp_path: Path) -> None:
    assert plays(a_zip(tmp_path / "x.zip", {"watched-history": [], "lists-watchlist": []})) == []


def test_what_is_hidden_goes_by_where_and_a_note_by_what_it_is_on(tmp_path: Path) -> None:
    note = {"attached_to": {"type": "movie"}, "type": "movie", "movie": ALIEN, "note": {"id": 3, "notes": "In space."}}
    members = {
        "lists-watchlist": [],
        "hidden-calendar": [hidden("show", WIRE)],
        "hidden-progress-watched-1": [hidden("show", WIRE)],
        "hidden-progress-watched-2": [{**hidden("season", {"number": 2, "ids": {"trakt": 9}}), "show": WIRE}, {"type": "odd"}],
        "hidden-progress-watched-reset": [hidden("show", WIRE)],
        "notes-movies": [note],
        "notes-collection_items": [{"note": {"id": 4, "notes": "On the shelf."}}, {"note": None}],
    }
    found = read(a_zip(tmp_path / "x.zip", members))
    rows = {name: (chunk.section, [row.type for row in chunk.library]) for name, chunk in found.items()}
    assert rows["hidden-calendar.json"] == ("hidden", ["calendar"])
    assert rows["hidden-progress-watched-2.json"] == ("hidden", ["progress_watched"])
    assert rows["hidden-progress-watched-reset.json"] == ("hidden", ["progress_watched_reset"])
    assert rows["notes-movies.json"] == ("notes", ["movies"])
    assert rows["notes-collection_items.json"] == ("notes", ["collection_items"])
    assert found["notes-movies.json"].note == "kept, and written again by an export; shown nowhere"
    for name in ("hidden-progress-watched-2.json", "notes-collection_items.json"):
        assert found[name].skipped == Counter({"is not of the expected shape": 1})
    assert (found["hidden-calendar.json"].library[0].title, found["notes-movies.json"].library[0].trakt_id) == ("The Wire", 2)


def test_nothing_in_an_archive_is_passed_over_in_silence(tmp_path: Path) -> None:
    members = {
        "watched-history-1.json": history()[:1],
        "Watched-History-1.JSON": history()[:2],
        "readme.txt": b"hello",
        "poster.png": b"\x89PNG",
        "network-friends.json": [{"user": {}}],
        "lists-collaborations.json": [],
        "user-saved-filters.json": [],
        "hidden-nowhere.json": [],
        "what-is-this.json": [],
    }
    found = read(a_zip(tmp_path / "x.zip", members))
    assert set(found) == set(members)
    silent = [name for name, chunk in found.items() if not (chunk.rows or chunk.note)]
    assert silent == []
    assert plays(tmp_path / "x.zip") == [14_081_679_492]


def test_a_zip_that_was_cut_off_is_said_to_be_one(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "x.zip", export())
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(NotAnImport, match="cut off"):
        plays(path)
