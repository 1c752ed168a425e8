"""Where the articles are: in the desk's file, or on the server that several machines share."""
