"""Turns a page upright."""


def upright(recognizer, image):
    """(picture turned upright, by how many degrees clockwise)."""
    return image, 0.0
