"""The workbench's addresses: a file a noun, `/api` for programs and for the pages' own scripts."""
