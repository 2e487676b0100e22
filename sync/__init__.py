"""What travels between offices, and how: records, changes, the wire and both of its ends."""

__version__ = "0.1.0"
