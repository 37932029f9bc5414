"""排队叫号: the rules of tickets and windows, the store with its event log, the keeper and its client."""
