"""The centre: takes what the branches write, puts it in order, hands it out and signs for it."""
