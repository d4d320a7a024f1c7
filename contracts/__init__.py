"""What crosses a border between services, and nothing else: topics, events, their schemas and examples."""
