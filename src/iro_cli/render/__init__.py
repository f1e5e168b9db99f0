"""From data to what a terminal shows. Decides nothing."""
