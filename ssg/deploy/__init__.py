"""What a deploy needs to know: what differs between the site that is live and the last build."""
