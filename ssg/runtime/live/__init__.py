"""Answers requests for live pages: finds the route, asks for data, makes the page."""
