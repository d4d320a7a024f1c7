"""The services. Each owns its facts and its database; none imports another."""
