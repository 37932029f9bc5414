"""The rules of tickets and windows: decided and folded in memory, standard library only."""
