"""What `make k8s-check` and `make compose-check` run."""
