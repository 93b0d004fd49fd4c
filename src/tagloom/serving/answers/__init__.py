"""What requests say and what answers look like: the API's own JSON, and the shapes that clients of others know."""
