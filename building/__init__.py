"""Builds the page. In: site/, runtime-lock.json, runtime-used.json. Out: the folder dist/, or one file of HTML.

The rooms, each of which imports only from rooms before it: sources and runtime, page, single. The server and common.py
stand beside them: the server imports no room, and common.py nothing at all. Standard library only.
"""
