"""What a build takes over from the one before it, and what it must make again."""
