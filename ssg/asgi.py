"""The site as an ASGI application, for any server: `uvicorn ssg.asgi:app`.

The environment says what is served: `SSG_DIR`, and the other variables of `ssg start`.
"""

from __future__ import annotations

import os

from ssg.server.process import application

app = application(os.environ)
