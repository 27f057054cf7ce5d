"""Moderation: reports of readers, and what administrators decide."""
