-- A repeat is looked for among the events of the last moments: new ones all go to the end of this index, which for each player
-- went to a place of its own in the one before.
DROP INDEX events_player;
CREATE INDEX events_recent ON events (received_at) WHERE fate = 'accepted';
