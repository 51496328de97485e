"""The one process that holds the authorities' keys: it signs, ends, and says when that is proven.

It listens nowhere. It reads wishes from the database and speaks with the broker's keeper through
a folder; door and console never sign, and whoever takes them over cannot either.
"""
