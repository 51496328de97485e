"""What citizens hand in at the portal, brought away by a child of the agent; see __main__."""
