"""The ledgers 台账: own what the bureaus trust; hear registration, keep state and history, tell them."""
