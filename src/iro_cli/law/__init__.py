"""The law as data, each rule with its source."""
