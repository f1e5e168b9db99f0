"""Count and compare obligations and facts, without a store, a file or a console."""
