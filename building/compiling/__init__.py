"""Python of the page made into bytecode, of which only what runs is fetched before the page can read."""
