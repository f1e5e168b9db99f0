"""What a person changes: one function for each thing, one change in the store."""
