"""Read files and databases a row at a time, without knowing a source or a store."""
