"""What is done for one repository on GitHub: copied, scanned, compared, its upgrades played, and posted."""
