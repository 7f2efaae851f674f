"""A database of a hundred thousand plays, made in a second or two."""

from pathlib import Path

from tests.store.given import NOW, a_store
from watchd.store.rows import dumps

PLAYS = 100_000
MEDIA = 10_000
EVENTS = 20_000


def fill(path: Path) -> None:
    """Every play is over and its outcome delivered; nothing is open, which is the usual state of a large store."""
    store = a_store(path)
    store.execute("BEGIN")
    store.executemany(
        "INSERT INTO media (id, account_id, type, title, year, season, number, ids, show_ids) "
        "VALUES (?, 1, 'episode', ?, 2000, ?, ?, ?, ?)",
        (
            (n, f"Show {n // 100}", n % 100 // 10, n % 10, dumps({"trakt": n, "tvdb": n}), dumps({"tmdb": n // 100}))
            for n in range(1, MEDIA + 1)
        ),
    )
    store.executemany(
        "INSERT INTO handles (account_id, kind, name, value, place, media_id) VALUES (1, ?, ?, ?, ?, ?)",
        (
            (*handle, n)
            for n in range(1, MEDIA + 1)
            for handle in (
                ("episode", "trakt", str(n), ""),
                ("episode", "tvdb", str(n), ""),
                ("show", "tmdb", str(n // 100), f"{n % 100 // 10}|{n % 10}"),
                ("show", "title", f"show {n // 100}", f"{n % 100 // 10}|{n % 10}"),
            )
        ),
    )
    store.executemany(
        "INSERT INTO plays (id, account_id, media_id, state, origin, source, player, started_at, updated_at, progress, "
        "progress_at, reported, runtime, watched_at, ended_at, trakt_history_id) "
        "VALUES (?1, 1, ?2, 'stopped', 'hook', 'plex', 'tv', ?3, ?3, 95.0, ?3, 95.0, 2400.0, ?3, ?3, ?1)",
        ((n, n % MEDIA + 1, NOW + n * 1000) for n in range(1, PLAYS + 1)),
    )
    store.executemany(
        "INSERT INTO deliveries (account_id, play_id, destination, seq, verb, state, at, progress, attempts, sent_as, "
        "first_sent_at, last_sent_at, settled_at, history_id) "
        "VALUES (1, ?1, 'trakt', 1, 'watched', 'delivered', ?2, 95.0, 1, 'scrobble/stop', ?2, ?2, ?2, ?1)",
        ((n, NOW + n * 1000) for n in range(1, PLAYS + 1)),
    )
    store.executemany(
        "INSERT INTO events (account_id, source, verb, received_at, body, player, repeat_key, exact, fate, play_id) "
        "VALUES (1, 'plex', 'play', ?2, '{}', 'tv', 'key ' || ?1, ?1 % 2, 'accepted', ?1)",
        ((n, NOW + 1000 * n) for n in range(1, EVENTS + 1)),
    )
    store.execute("COMMIT")
    store.close()
