"""A WebAssembly module taken apart into what the page runs and the rest, by a profile.

In: a module as published, and which of its functions ran. Out: a first module that does the same as long as only those
run, and a second that has the others, or a sentence that says why it stays in one piece. exports.py and library.py cut the
JavaScript that goes with it, and tell which exports it needs.
docs/splitting.md says how it works.
"""
