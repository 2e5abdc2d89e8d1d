"""What pages and programs ask of the database. Each query is asked once a page; only what a viewer may see is read."""
