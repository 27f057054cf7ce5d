"""The API of a blogging platform: accounts, posts, pictures, moderation."""
