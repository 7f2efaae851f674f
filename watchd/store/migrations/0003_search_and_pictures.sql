-- In how many titles each piece of the search index is.
CREATE VIRTUAL TABLE title_pieces_counts USING fts5vocab (title_pieces, row);
