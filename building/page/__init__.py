"""The page as a folder.

In: site/, the runtime's files, the project's version. Out: all of the page, {path: bytes}: named by content, with
licences, the record of the build and the service worker's list of files; or the folder dist/ that it is written to.
"""
