"""Files in and files out. Knows no database."""
