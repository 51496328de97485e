"""Systems behind the office: each gets what was accepted for it, once it is there.

Runs inside the registrar, which alone can open. Where something may be sent stands in a file of
the registrar's folder, not in the database: who takes the console over cannot send it elsewhere.
"""
