"""What comes in, from files or a database, read a row at a time.  Knows no source and no store."""
