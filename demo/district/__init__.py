"""The district of the study, made up from a seed number to the study's figures. Pure: nothing is read or written."""
