"""Files in: opened, measured and read a row at a time.  Knows no source and no database."""
