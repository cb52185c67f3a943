"""Where the bytes of the runtime come from.

In: the text of runtime-lock.json, a cache, sources (a folder, the CDN, npm, pip). Out: the bytes of each file that the
lock names, every one checked against its SHA-256, or an error that says what each source answered.
"""
