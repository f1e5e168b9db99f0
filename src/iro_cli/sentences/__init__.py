"""Turn the records of the core into sentences for people."""
