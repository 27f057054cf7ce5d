"""Pictures in the preview: the services of hosts, and what is shown of variants."""
