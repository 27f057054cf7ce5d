"""What pages are rendered from besides their sources: templates, data, messages, modules."""
