"""What the demonstration branch is made of. Every person and every number in it is invented."""
