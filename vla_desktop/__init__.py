"""One office: its store, its files, its papers and its windows."""
