"""What changed in the read model, in an order that a reader can go on from: the log, its sequencer, its watch."""
