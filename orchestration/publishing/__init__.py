"""Publishing: the only step that makes a number public — write, check, switch, and keep the shelf tidy."""
