"""The page at `/docs`: the API as people read it, made of what `/openapi.json` says to programs."""
