"""What every process shows: what can be done next, and a step of it as a mutation."""
