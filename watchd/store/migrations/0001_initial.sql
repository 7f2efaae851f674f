-- Times are milliseconds since the epoch, UTC. Progress is percent, runtime seconds. JSON is kept as text.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    trakt_uuid TEXT,
    trakt_slug TEXT,
    trakt_since INTEGER,
    held_reason TEXT,
    held_at INTEGER,
    probe_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- Without an account a token is the household's.
CREATE TABLE api_tokens (
    token TEXT PRIMARY KEY,
    account_id INTEGER REFERENCES accounts (id),
    scope TEXT NOT NULL CHECK (scope IN ('hook', 'read', 'admin')),
    source TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE trakt_tokens (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id),
    access_token TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_in INTEGER NOT NULL,
    refreshing_at INTEGER,
    refresh_tries INTEGER NOT NULL DEFAULT 0,
    login_required TEXT
) STRICT;

CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    type TEXT NOT NULL CHECK (type IN ('movie', 'episode')),
    title TEXT,
    year INTEGER,
    episode_title TEXT,
    season INTEGER,
    number INTEGER,
    number_abs INTEGER,
    runtime REAL,
    ids TEXT NOT NULL DEFAULT '{}',
    show_ids TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- By what a media row is found again: its own ids, and its title or its show's ids and title with its place in the show.
CREATE TABLE handles (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('movie', 'episode', 'show')),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    place TEXT NOT NULL,
    media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, kind, name, value, place, media_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX handles_media ON handles (media_id);

CREATE TABLE plays (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    media_id INTEGER NOT NULL REFERENCES media (id),
    state TEXT NOT NULL CHECK (state IN ('playing', 'paused', 'stopped')),
    origin TEXT NOT NULL CHECK (origin IN ('hook', 'checkin', 'mark', 'trakt', 'import')),
    source TEXT NOT NULL,
    player TEXT NOT NULL,
    player_name TEXT,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    progress REAL,
    progress_at INTEGER NOT NULL,
    reported REAL,
    runtime REAL,
    watched_at INTEGER,
    ended_at INTEGER,
    again_at INTEGER,
    again_progress REAL,
    trakt_history_id INTEGER,
    tellers TEXT NOT NULL DEFAULT '[]',
    parts_after INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX plays_open ON plays (account_id, state) WHERE state <> 'stopped';
CREATE INDEX plays_media ON plays (media_id, started_at);
CREATE INDEX plays_watched ON plays (account_id, watched_at) WHERE watched_at IS NOT NULL;
CREATE UNIQUE INDEX plays_history ON plays (account_id, trakt_history_id) WHERE trakt_history_id IS NOT NULL;

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    source TEXT NOT NULL,
    verb TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    player TEXT,
    repeat_key TEXT,
    exact INTEGER NOT NULL DEFAULT 0,
    fate TEXT NOT NULL,
    reason TEXT,
    step TEXT,
    play_id INTEGER REFERENCES plays (id) ON DELETE SET NULL,
    user TEXT
) STRICT;

CREATE INDEX events_player ON events (account_id, source, player, id) WHERE fate = 'accepted';
CREATE INDEX events_exact ON events (account_id, repeat_key) WHERE exact = 1;
CREATE INDEX events_play ON events (play_id) WHERE play_id IS NOT NULL;

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    play_id INTEGER NOT NULL REFERENCES plays (id) ON DELETE CASCADE,
    destination TEXT NOT NULL,
    seq INTEGER NOT NULL,
    verb TEXT NOT NULL CHECK (verb IN ('start', 'pause', 'stop', 'watched', 'checkin', 'uncheckin')),
    state TEXT NOT NULL CHECK (
        state IN ('pending', 'sent', 'delivered', 'superseded', 'held', 'unidentified', 'dead')
    ),
    at INTEGER NOT NULL,
    progress REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0,
    sent_as TEXT,
    first_sent_at INTEGER,
    last_sent_at INTEGER,
    settled_at INTEGER,
    history_id INTEGER,
    status INTEGER,
    answer TEXT,
    reason TEXT,
    UNIQUE (play_id, destination, seq)
) STRICT;

CREATE UNIQUE INDEX deliveries_watched ON deliveries (play_id, destination)
    WHERE verb = 'watched' AND state <> 'superseded';
CREATE INDEX deliveries_open ON deliveries (account_id, due_at, state, at)
    WHERE state IN ('pending', 'sent', 'held', 'unidentified');
CREATE INDEX deliveries_dead ON deliveries (account_id) WHERE state = 'dead';
CREATE INDEX deliveries_sent ON deliveries (account_id, destination) WHERE attempts > 0;
CREATE INDEX deliveries_claims ON deliveries (account_id, settled_at)
    WHERE verb = 'watched' AND state = 'delivered' AND history_id IS NULL;

-- The latest rating of each item, 1 to 10, and how far its way to Trakt has come; `due_at` NULL: nothing is owed.
CREATE TABLE ratings (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    media_id INTEGER NOT NULL REFERENCES media (id),
    rating REAL NOT NULL,
    rated_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER,
    reason TEXT,
    PRIMARY KEY (account_id, media_id)
) STRICT;

CREATE INDEX ratings_due ON ratings (account_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE artwork (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    subject TEXT NOT NULL,
    pictures TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    fresh_until INTEGER NOT NULL,
    PRIMARY KEY (account_id, subject)
) STRICT, WITHOUT ROWID;
