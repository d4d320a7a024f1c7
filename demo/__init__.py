"""Made-up data for machines that have no real registry at hand."""
