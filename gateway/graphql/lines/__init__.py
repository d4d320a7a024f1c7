"""Who does the work: divisions, bureaus, associations, cadres."""
