"""Assessment 考核: owns the schemes of the fortress index and the rating of each organisation, with its reasons."""
