"""The demo: the whole daemon against stand-ins of Trakt and TMDB, with a scripted living room."""
