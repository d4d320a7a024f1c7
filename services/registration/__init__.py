"""Registration 登记: owns who is registered, as what, and where; takes it in from files and systems, and tells it."""
