"""What each listing looks like, its fields told once; and the pages of the reports."""
