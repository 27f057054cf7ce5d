"""The routes of a deploy on Vercel: the `routes` of `.vercel/output/config.json`.

Theory of operation. Vercel tries the routes before `handle: filesystem` first. A route matches if
its expression matches the path and its `has` holds. One with `continue` only adds headers; any
other decides: it redirects, or its destination answers. If none decides, a file at the path
answers, `index.html` for a folder. Then the other routes are tried in the same way.

So forced rules come before the file system, and the rules that files precede after it
(`rule_routes`). Files come first in the order of the preview, which finds `about.html` for `/about`
and sends `/blog` to `/blog/`: these paths have routes of their own (`file_routes`). The pages of
the function come after the rules of the site (`page_routes`).

It is not documented whether expressions are compared with a path as the browser sends it, or with
the decoded one: each character that can have both forms is matched in both (`expressions`).
"""
