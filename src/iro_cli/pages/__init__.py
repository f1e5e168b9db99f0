"""What each listing looks like to people.  Decides nothing."""
