"""What the law says, as data with its source."""
