"""What happened to a child: events, and nothing that follows from them."""
