"""What the page makes of digits itself while the recogniser is not there: a first guess, which never counts as read."""
