"""What the office tells the citizens of a place for a while."""
