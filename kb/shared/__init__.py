"""One base on several machines: a working copy in a file on each, and the rows in one place."""
