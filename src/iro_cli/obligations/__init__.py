"""The engine: from events and rules to obligations."""
