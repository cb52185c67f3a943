"""How the runtime is changed before the page ships it.

In: PyScript, MicroPython, Pyodide and numpy as published, bytes, and Python sources. Out: the same cut to what the page
uses, as bytecode where Node can compile it, and packed.
"""
