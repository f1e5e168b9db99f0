"""Sentences for people, made of what the core found."""
