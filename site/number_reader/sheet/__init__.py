"""The sheet of paper in a photograph: its four sides are found, and it is flattened."""
