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

-- `action` is Trakt's word for how a play came about (NULL: what its origin makes of it); `gone_at`: when a play that is of Trakt
-- alone was found to be gone from its history; `missing_at`: when a full reading first lacked the row of `trakt_history_id`. None
-- of them is part of a sitting: only history and sync look at them.
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
    action TEXT CHECK (action IN ('scrobble', 'checkin', 'watch')),
    gone_at INTEGER,
    missing_at INTEGER,
    tellers TEXT NOT NULL DEFAULT '[]',
    parts_after INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX plays_open ON plays (account_id, state) WHERE state <> 'stopped';
CREATE INDEX plays_media ON plays (media_id, started_at);
CREATE INDEX plays_watched ON plays (account_id, watched_at) WHERE watched_at IS NOT NULL;
-- What is counted of the history is counted within this index alone.
CREATE INDEX plays_counted ON plays (account_id, media_id, watched_at, updated_at)
    WHERE watched_at IS NOT NULL AND gone_at IS NULL;
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

-- Trakt's library besides the history, section by section (`watchlist`, `list:1234`, `ratings`, …). A section is read whole into
-- a new generation, and shown by setting `generation` to it. `activity` is the stamp of last_activities it was read at;
-- `doubt_rows` and `doubt_at` are of a first read that shrank suspiciously and waits for a second one.
CREATE TABLE sections (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    generation INTEGER NOT NULL DEFAULT 0,
    rows INTEGER NOT NULL DEFAULT 0,
    activity TEXT,
    synced_at INTEGER,
    doubt_rows INTEGER,
    doubt_at INTEGER,
    failed TEXT,
    failed_at INTEGER,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;

-- The rows of the sections as Trakt gave them (`body`: JSON), in its order; ids and titles beside them for looking up.
CREATE TABLE library (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    section TEXT NOT NULL,
    generation INTEGER NOT NULL,
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    trakt_id INTEGER,
    tmdb_id INTEGER,
    title TEXT,
    year INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (account_id, section, generation, position)
) STRICT, WITHOUT ROWID;

-- Plays deleted by hand. `history_id` is their row in Trakt's history, which must not come back; `due_at` NULL: nothing is to be
-- removed there. While the id is not known it is looked for by `media`, the moments of the sitting and those of the attempts;
-- a sync may bring it as a play of its own, numbered above `newest_play`.
CREATE TABLE removals (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    history_id INTEGER,
    media TEXT NOT NULL,
    origin TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    watched_at INTEGER,
    first_sent_at INTEGER,
    last_sent_at INTEGER,
    newest_play INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER,
    reason TEXT
) STRICT;

CREATE UNIQUE INDEX removals_history ON removals (account_id, history_id) WHERE history_id IS NOT NULL;
CREATE INDEX removals_due ON removals (account_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE artwork (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    subject TEXT NOT NULL,
    pictures TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    fresh_until INTEGER NOT NULL,
    PRIMARY KEY (account_id, subject)
) STRICT, WITHOUT ROWID;

-- The search index: one row for each movie, show and episode of an account, with the row as it is served. The id tells the
-- account and the kind (see store/titles.py). `title_names`: by what the same title is recognised; `title_plays`: which watched
-- media it stands for; `title_rows`: which rows of Trakt's; `title_sections`: up to which generation those are in.
CREATE TABLE titles (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    folded TEXT NOT NULL,
    plays INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE title_names (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('movie', 'show', 'episode')),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    title_id INTEGER NOT NULL REFERENCES titles (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, kind, name, value, title_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX title_names_title ON title_names (title_id);

CREATE TABLE title_plays (
    media_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('movie', 'show', 'episode')),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    title_id INTEGER NOT NULL REFERENCES titles (id),
    plays INTEGER NOT NULL,
    last_at INTEGER,
    PRIMARY KEY (media_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX title_plays_title ON title_plays (title_id, plays, last_at);

CREATE TABLE title_rows (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    section TEXT NOT NULL,
    ref TEXT NOT NULL,
    title_id INTEGER NOT NULL REFERENCES titles (id),
    item TEXT NOT NULL,
    PRIMARY KEY (account_id, section, ref)
) STRICT, WITHOUT ROWID;

CREATE INDEX title_rows_title ON title_rows (title_id);

CREATE TABLE title_sections (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    section TEXT NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (account_id, section)
) STRICT, WITHOUT ROWID;

CREATE TABLE title_version (version INTEGER NOT NULL) STRICT;
INSERT INTO title_version VALUES (1);

CREATE VIRTUAL TABLE title_pieces USING fts5 (pieces, content = '', detail = none, columnsize = 0, tokenize = 'ascii');

-- Watched media the index has not looked at since they changed: whoever writes plays or media leaves the note.
CREATE TABLE title_news (
    media_id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;

CREATE TRIGGER plays_added AFTER INSERT ON plays WHEN NEW.watched_at IS NOT NULL BEGIN
    INSERT OR IGNORE INTO title_news VALUES (NEW.media_id, NEW.account_id);
END;

CREATE TRIGGER plays_changed AFTER UPDATE OF watched_at, media_id, gone_at ON plays
WHEN OLD.watched_at IS NOT NEW.watched_at OR OLD.gone_at IS NOT NEW.gone_at
    OR (OLD.media_id <> NEW.media_id AND NEW.watched_at IS NOT NULL) BEGIN
    INSERT OR IGNORE INTO title_news VALUES (OLD.media_id, OLD.account_id);
    INSERT OR IGNORE INTO title_news VALUES (NEW.media_id, NEW.account_id);
END;

CREATE TRIGGER plays_removed AFTER DELETE ON plays WHEN OLD.watched_at IS NOT NULL BEGIN
    INSERT OR IGNORE INTO title_news VALUES (OLD.media_id, OLD.account_id);
END;

CREATE TRIGGER media_changed AFTER UPDATE OF title, year, episode_title, season, number, number_abs, ids, show_ids ON media
WHEN EXISTS (SELECT 1 FROM title_plays WHERE media_id = OLD.id) BEGIN
    INSERT OR IGNORE INTO title_news VALUES (OLD.id, OLD.account_id);
END;

CREATE TRIGGER media_removed AFTER DELETE ON media WHEN EXISTS (SELECT 1 FROM title_plays WHERE media_id = OLD.id) BEGIN
    INSERT OR IGNORE INTO title_news VALUES (OLD.id, OLD.account_id);
END;

-- TMDB's pictures of what is in anybody's library; they are TMDB's and no person's. `season` -1: the movie or show itself.
-- `due_at`: when it is to be asked for again; `known_at`: when it was last seen in a library.
CREATE TABLE pictures (
    kind TEXT NOT NULL CHECK (kind IN ('movie', 'show')),
    tmdb_id INTEGER NOT NULL,
    season INTEGER NOT NULL DEFAULT -1,
    poster TEXT,
    backdrop TEXT,
    fetched_at INTEGER,
    fresh_until INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    known_at INTEGER NOT NULL,
    PRIMARY KEY (kind, tmdb_id, season)
) STRICT, WITHOUT ROWID;

CREATE INDEX pictures_due ON pictures (due_at) WHERE due_at IS NOT NULL;
