"""The officers' inbox: what citizens handed in, how far it is, and who has to act by when."""
