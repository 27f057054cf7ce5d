"""Which rule answers a request, and with what."""
