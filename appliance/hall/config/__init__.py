"""The configuration: ``hall.toml`` read, checked and turned into what the roles use."""
