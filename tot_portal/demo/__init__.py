"""The demo of `make run`: one click into each role, the mailbox, the guided walk, and a portal full of people.

Its routes exist only with TOT_DEMO=1, which the settings refuse for any address but http://localhost.
"""
