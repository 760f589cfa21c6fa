"""What the pages make of the published tables: pure functions, rows in, rows out. Reads only through `Queries`."""
