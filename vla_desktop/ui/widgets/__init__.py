"""Small things that every page is made of."""
