"""What keeper and clients share: JSON-RPC lines, the table of methods, the way to the socket."""
