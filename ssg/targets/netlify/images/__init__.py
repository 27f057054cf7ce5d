"""The function that makes variants of pictures on Netlify, with sharp, and what Netlify's own
service for pictures must know."""
