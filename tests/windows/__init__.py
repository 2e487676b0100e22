"""The program of Windows: built, made into an installer, and tried."""
