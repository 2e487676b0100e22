"""Whole histories of several offices and their centre, each told by one number."""
