"""Market entities 市场主体 in the graph."""
