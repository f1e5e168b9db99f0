"""One module for each source: from its tables to facts."""
