"""Who may ask what: keys and their scopes, rates, host names."""
