"""A digit's ink to votes: glyph, features, learned metric, nearest neighbours, confidence and doubt.

In: a crop of ink, float (h, w). Out: shares of the vote, distances, doubt. Imports labels.
"""
