"""The read interface: one table of endpoints, from which requests are answered and their description is printed.

Pure but for the database: nothing here knows of HTTP.
"""
