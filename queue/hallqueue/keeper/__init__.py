"""The one process that opens the database: requests in, group commit, pushes out."""
