"""The steps of build.py that are more than copying. Standard library only."""
