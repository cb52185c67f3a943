"""What worker.py is made of: plain values of readings, pictures as the browser decodes them, the exemplars' file."""
