"""The headless verbs: an office driven by scripts, under the same rules as the window."""
