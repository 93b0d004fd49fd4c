"""The workbench's data: tables, their migrations, and how they are read and written."""
