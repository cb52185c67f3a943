"""Where a sheet lasts: in this browser's storage, and in files of its own."""
