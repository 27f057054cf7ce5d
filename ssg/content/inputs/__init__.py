"""What pages are made of beside their sources: templates, data, messages, modules."""
