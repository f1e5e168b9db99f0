"""The store: one reader and one writer for every kind of row, and the engines that keep it."""
