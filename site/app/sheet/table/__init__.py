"""The sheet as rows of entries, what is selected of it, what can be done with it, and how it is shown."""
