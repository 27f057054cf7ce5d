"""Netlify's redirect rules: model, parser, writer, matcher."""
