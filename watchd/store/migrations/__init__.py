"""The numbered steps from an empty file to today's schema: `NNNN_name.sql`, each one transaction."""
