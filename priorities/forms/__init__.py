"""Forms of this app, a file for each thing they write."""
