"""Pictures of posts: decoded and encoded again, kept in the database."""
