"""Who uses the workbench, and what each may."""
