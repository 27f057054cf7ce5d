"""HTTP itself: the server that reads requests, and what a request says of the form of its answer.

It knows nothing of sites, caches and deployments.
"""
