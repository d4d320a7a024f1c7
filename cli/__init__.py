"""`lianhe`, the command line: a module a command, thin."""
