"""A branch that does not exist, for learning, for pictures and for measuring."""
