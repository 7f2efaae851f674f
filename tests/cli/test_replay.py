"""`watchd replay`: files and folders of payloads, as a user runs it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.served import run

COLUMNS = (
    *("file", "source", "event", "media_type", "action", "ignore_reason", "type", "title", "year", "season", "number"),
    *("number_end", "ids", "show_ids", "progress", "rating", "user", "note"),
)
MOVIE = {
    "event": "media.stop",
    "Account": {"title": "Ada"},
    "Metadata": {
        "type": "movie",
        "title": "Alien",
        "year": 1979,
        "Guid": [{"id": "imdb://tt0078748"}, {"id": "tmdb://348"}],
        "viewOffset": 955_000,
        "duration": 1_000_000,
    },
}
ROW = {
    "file": "plex/stop.json",
    "source": "plex",
    "event": "media.stop",
    "action": "stop",
    "type": "movie",
    "title": "Alien",
    "year": "1979",
    "ids": '{"tmdb": 348, "imdb": "tt0078748"}',
    "progress": "95.5",
    "user": "Ada",
}


@pytest.fixture(autouse=True)
def _no_settings_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHD_LISTEN", "this would stop any command that reads settings")


def written(folder: Path, *rows: dict[str, str], **files: Any) -> Path:
    """A folder with these rows and `plex/stop.json`; further files by their path, `__` for a slash."""
    for name, content in {"plex__stop.json": MOVIE, **files}.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with (folder / "INDEX.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def replayed(path: Path, *words: str) -> tuple[int, list[str]]:
    code, printed = run("replay", str(path), *words)
    return code, printed.splitlines()


def test_a_folder_in_which_all_is_as_its_index_says_ends_well(tmp_path: Path) -> None:
    assert replayed(written(tmp_path, ROW)) == (0, ["1 payloads, 0 differ"])


def test_each_field_that_differs_is_a_line_and_each_payload_counts_once(tmp_path: Path) -> None:
    code, (head, *lines, count) = replayed(written(tmp_path, ROW | {"year": "1986", "user": "Bob"}, ROW))
    assert (code, count) == (1, "2 payloads, 1 differ")
    assert head.split() == ["file", "field", "expected", "got"]
    assert [line.split() for line in lines] == [
        ["plex/stop.json", "year", "1986", "1979"],
        ["plex/stop.json", "user", "Bob", "Ada"],
    ]


def test_a_missing_file_is_a_difference(tmp_path: Path) -> None:
    code, lines = replayed(written(tmp_path, ROW | {"file": "plex/gone.json"}))
    assert (code, lines[-1]) == (1, "1 payloads, 1 differ")
    assert "the file is missing" in lines[1]


def test_a_torn_file_is_invalid_and_nothing_else(tmp_path: Path) -> None:
    torn = json.dumps(MOVIE).encode()[:-9]
    row = ROW | {"file": "plex/torn.json"}
    code, lines = replayed(written(tmp_path, row, **{"plex__torn.json": torn}))
    assert (code, lines[1].split()) == (1, ["plex/torn.json", "action", "stop", "invalid", "(not_json)"])
    (tmp_path / "other").mkdir()
    invalid = {"file": "plex/torn.json", "source": "plex", "action": "invalid"}
    assert replayed(written(tmp_path / "other", invalid, **{"plex__torn.json": torn}))[0] == 0


def test_a_template_that_rendered_to_nothing_is_ignored_but_not_for_trakt(tmp_path: Path) -> None:
    rows = [
        {"file": "jellyfin/a.txt", "source": "jellyfin", "action": "ignore", "ignore_reason": "empty_body"},
        {"file": "trakt/a.txt", "source": "trakt", "event": "stop", "action": "invalid"},
    ]
    assert replayed(written(tmp_path, *rows, **{"jellyfin__a.txt": b" \r\n", "trakt__a.txt": b""}))[0] == 0


def test_calls_in_trakts_format_are_read_by_the_verb_of_their_row(tmp_path: Path) -> None:
    rows = [
        {"file": "trakt/1.json", "event": "pause", "action": "pause", "progress": "33.3"},
        {"file": "trakt/2.json", "event": "history", "action": "mark_watched"},
        {"file": "trakt/3.json", "event": "ratings", "action": "rate", "rating": "8"},
    ]
    alien = {"title": "Alien"}
    folder = written(
        tmp_path,
        *(row | {"source": "trakt", "type": "movie", "title": "Alien"} for row in rows),
        **{
            "trakt__1.json": {"movie": alien, "progress": "33.3"},
            "trakt__2.json": {"movies": [alien]},
            "trakt__3.json": {"movies": [alien | {"rating": 8}]},
        },
    )
    assert replayed(folder) == (0, ["3 payloads, 0 differ"])


def test_a_whole_request_goes_where_its_path_says(tmp_path: Path) -> None:
    body = json.dumps(MOVIE).encode()
    head = b"POST /hooks/plex/s3cret?token=EXAMPLE HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    call = b'{"movie": {"title": "Alien"}, "progress": 10}'
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(call[at : at + 9]), call[at : at + 9]) for at in range(0, len(call), 9))
    started = b"POST /trakt/scrobble/start HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n"
    rows = [
        ROW | {"file": "wire/1.http", "source": "wire"},
        {"file": "wire/2.http", "source": "wire", "action": "start", "type": "movie", "title": "Alien", "progress": "10"},
    ]
    folder = written(tmp_path, *rows, **{"wire__1.http": head + body, "wire__2.http": started})
    assert replayed(folder) == (0, ["2 payloads, 0 differ"])


@pytest.mark.parametrize("address", ["/scrobble/start", "http://watchd.lan:7373/trakt/scrobble/start?x=1"])
def test_a_request_that_was_recorded_elsewhere_goes_to_the_same_place(tmp_path: Path, address: str) -> None:
    row = {"file": "wire/1.http", "source": "wire", "action": "start", "type": "movie", "title": "Alien", "progress": "10"}
    raw = f'POST {address} HTTP/1.1\r\n\r\n{{"movie": {{"title": "Alien"}}, "progress": 10}}'.encode()
    assert replayed(written(tmp_path, row, **{"wire__1.http": raw})) == (0, ["1 payloads, 0 differ"])


@pytest.mark.parametrize("name", ["", "no\0file", "plex", "../" * 40 + "none"])
def test_a_row_of_what_cannot_be_a_file_is_a_difference(tmp_path: Path, name: str) -> None:
    code, lines = replayed(written(tmp_path, ROW, ROW | {"file": name}))
    assert (code, lines[-1]) == (1, "2 payloads, 1 differ")


def test_a_cell_that_cannot_be_read_is_a_difference(tmp_path: Path) -> None:
    code, lines = replayed(written(tmp_path, ROW, ROW | {"ids": "[" * 100_000, "year": "MCMLXXIX"}))
    assert (code, lines[-1]) == (1, "2 payloads, 1 differ")


@pytest.mark.parametrize(
    "raw, got",
    [
        (b"POST /hooks/plex HTTP/1.1\r\nContent-Length: 99\r\n\r\n{}", "invalid (torn_body)"),
        (b"POST /hooks/plex HTTP/1.1", "invalid (torn_body)"),
        (b"garbage\r\n\r\n", "invalid (torn_body)"),
        (b"POST /hooks/plex HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}\r\n", "invalid (torn_body)"),
        (b"POST /hooks/betamax HTTP/1.1\r\n\r\n{}", "no such source: betamax"),
        (b"POST /elsewhere HTTP/1.1\r\n\r\n{}", "nothing is at /elsewhere"),
        (b"DELETE /trakt/checkin HTTP/1.1\r\n\r\n", "uncheckin"),
    ],
)
def test_a_request_that_cannot_be_read_says_why(tmp_path: Path, raw: bytes, got: str) -> None:
    row = ROW | {"file": "wire/1.http", "source": "wire"}
    code, lines = replayed(written(tmp_path, row, **{"wire__1.http": raw}))
    assert (code, lines[1].endswith(got)) == (1, True)


def test_an_index_without_rows_is_not_well(tmp_path: Path) -> None:
    assert replayed(written(tmp_path)) == (1, ["0 payloads, 0 differ"])


def test_what_cannot_be_read_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "INDEX.csv").write_text("name,what\n1,2\n")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "INDEX.csv").write_bytes(b"file,source,action\n\xff\xfe\n")
    for path in ("nowhere", "empty", "other", "torn"):
        code, lines = replayed(tmp_path / path)
        assert (code, len(lines)) == (2, 1)


def test_a_file_is_shown_as_what_it_becomes_beside_its_row(tmp_path: Path) -> None:
    folder = written(tmp_path, ROW | {"title": "Aliens"})
    code, lines = replayed(folder / "plex" / "stop.json")
    told = {line.split()[0]: line.split()[1:] for line in lines}
    assert code == 1
    assert told["action"] == ["stop"]
    assert told["title"] == ["Alien", "expected:", "Aliens"]
    assert told["progress"] == ["95.5"]
    assert replayed(written(tmp_path, ROW) / "plex" / "stop.json")[0] == 0


def test_a_file_without_a_row_is_known_by_its_folder_its_looks_or_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "jellyfin").mkdir()
    for path in (tmp_path / "jellyfin" / "a.json", tmp_path / "b.json"):
        path.write_text(json.dumps(MOVIE))
        assert replayed(path, "--source", "plex")[1][0].split() == ["action", "stop"]
    assert replayed(tmp_path / "b.json")[1][0].split() == ["action", "stop"]
    call = tmp_path / "c.json"
    call.write_text('{"movie": {"title": "Alien"}, "progress": 50}')
    assert replayed(call)[1][0].split() == ["action", "stop"]
    assert replayed(call, "--verb", "pause")[1][0].split() == ["action", "pause"]
    call.write_text('{"movies": [{"title": "Alien", "rating": 8}]}')
    assert replayed(call)[1][0].split() == ["action", "rate"]


def test_a_file_that_would_be_refused_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"event": "media.play", "Metadata": []}')
    code, lines = replayed(path)
    assert (code, lines[0].split(), lines[1].split()[:2]) == (1, ["action", "invalid"], ["reason", "wrong_type:"])
