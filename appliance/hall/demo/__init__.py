"""``hall demo``: a whole hall on simulated devices, with its roles as real processes."""
