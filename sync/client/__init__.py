"""The office's end of the exchange."""
