"""The workbench's pages: a template each, rendered here; what they say is put into them as text, never as markup."""
