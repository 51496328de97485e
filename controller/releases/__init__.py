"""Releases in the office: checked, cut into chunks, signed by people, published as plain files."""
