"""What is sent otherwise than as a message: pictures, which are uploaded."""
