"""What build.py is made of, beside the command itself: standard library only."""
