"""What comes with a registration: Party-building forms, credit commitments, applications of households."""
