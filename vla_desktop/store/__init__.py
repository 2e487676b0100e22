"""One office's records on this PC: its key, its encrypted database, what is read and written."""
