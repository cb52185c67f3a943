"""Python of the page made into bytecode, of which only what runs is fetched before the page can read.

In: Python sources, and which of their functions ran. Out: bytecode by Pyodide under Node, with stubs for the others, and these
apart, as "rest".
"""
