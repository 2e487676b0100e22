"""Windows above the window; they return values and save nothing."""
