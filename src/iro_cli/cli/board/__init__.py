"""The full-screen board, on Textual, which is installed with ``iro-cli[board]``."""
