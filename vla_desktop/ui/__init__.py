"""Everything that is seen. The only package that knows Qt."""
