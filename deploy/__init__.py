"""How Lianhe is deployed, and the checks that every way of running it says the same."""
