"""The report: a page that shows what a model can do, with every mistake to be looked at.

In: a model and data sets. Out: build/report.html.
"""
