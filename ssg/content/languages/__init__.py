"""Sites in several languages: split by language, structured one by one, and merged."""
