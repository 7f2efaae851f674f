-- What TMDB tells of the episodes of shows somebody watches or means to watch; it is TMDB's and no person's. `told_at`: when it was
-- last told (NULL: never yet), `whole_at`: when every season was read anew, `running`: whether more is to come. `tries` counts the
-- failures since; `known_at`: when the show was last seen in a library. A `day` is its midnight, UTC: TMDB knows no hours.
CREATE TABLE aired_shows (
    tmdb_id INTEGER PRIMARY KEY,
    title TEXT,
    year INTEGER,
    running INTEGER NOT NULL DEFAULT 1,
    told_at INTEGER,
    whole_at INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    known_at INTEGER NOT NULL
) STRICT;

CREATE INDEX aired_shows_due ON aired_shows (due_at);

CREATE TABLE aired_episodes (
    tmdb_id INTEGER NOT NULL REFERENCES aired_shows (tmdb_id) ON DELETE CASCADE,
    season INTEGER NOT NULL,
    number INTEGER NOT NULL,
    title TEXT,
    day INTEGER,
    episode_id INTEGER,
    PRIMARY KEY (tmdb_id, season, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX aired_episodes_day ON aired_episodes (day) WHERE day IS NOT NULL;

-- Of which show an episode is, as TMDB said when it was asked by somebody else's id since no source told TMDB's own; `tmdb_id` is
-- NULL where it knows none.
CREATE TABLE found_shows (
    media_id INTEGER PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    tmdb_id INTEGER,
    asked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX found_shows_tmdb ON found_shows (tmdb_id) WHERE tmdb_id IS NOT NULL;
