"""Reads handwritten numbers from pixels."""
