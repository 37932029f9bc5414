"""The database: the event log, its projections, counters, recovery and copies."""
