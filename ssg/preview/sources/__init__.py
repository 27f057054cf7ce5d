"""Sources of data in the preview: how they are asked, what they answered, and faults on purpose."""
