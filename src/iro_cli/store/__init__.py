"""The store: SQLite, through SQLModel for writing and bare for the daily read."""
