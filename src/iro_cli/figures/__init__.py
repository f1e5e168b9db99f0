"""What is counted from obligations and facts.  Knows no store, no file and no console."""
