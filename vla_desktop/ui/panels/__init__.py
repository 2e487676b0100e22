"""The pieces that pages of records are put together from."""
