"""The engine, which derives obligations from events and rules."""
