"""Data sets become a model: `python -m training` (its README says how). No part of the wheel."""
