"""What people and programs see of the service over HTTP."""
