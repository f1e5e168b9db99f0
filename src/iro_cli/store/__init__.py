"""The store: one reader and one writer for every kind of row, and the engine that keeps it."""
