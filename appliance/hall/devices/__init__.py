"""The devices of a hall: which there are, who holds them, how they are kept, reported and tested."""
