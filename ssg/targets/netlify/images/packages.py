"""sharp and what it needs, from npm. The native parts are those of Netlify's machines, Linux on
x64, whatever machine builds the site.

sharp finds its parts by the names of packages, so all of them are folders of `node_modules`.
"""

from __future__ import annotations

from ssg.targets.bundles.pyodide.npm import NpmPackage

SHARP = NpmPackage(
    "sharp",
    "0.35.5",
    "sha512-Ywn4OnzGukp7CDMrp08RQ50YKmuwG47brZgIVPTvBaaAfQlRlygrRqSrxdCiL9M+LlzLBiJ68IR1QqvzHyjC7g==",
    ("LICENSE", "package.json", "dist/*.cjs"),
)
DETECT_LIBC = NpmPackage(
    "detect-libc",
    "2.1.2",
    "sha512-Btj2BOOO83o3WyH59e8MgXsxEQVcarkUOpEYrubB0urwnN10yQ364rsiByU11nZlqWYZm05i/of7io4mzihBtQ==",
    ("LICENSE", "package.json", "lib/*.js"),
)
SEMVER = NpmPackage(
    "semver",
    "7.8.6",
    "sha512-9lpSSU4Mly3mrtruwLs1eLK6+gzbzqeBFwRNjIjE+9LuDpWdYctrQlQ3ej1Ilgi7gknpsTRnPoLP8DpCHqHIJw==",
    ("LICENSE", "package.json", "index.js", "*/*.js"),
)
COLOUR = NpmPackage(
    "@img/colour",
    "1.1.0",
    "sha512-Td76q7j57o/tLVdgS746cYARfSyxk8iEfRxewL9h4OMzYhbW4TAcppl0mT4eyqXddh6L/jwoM75mo7ixa/pCeQ==",
    ("LICENSE.md", "package.json", "*.cjs"),
)
SHARP_LINUX = NpmPackage(
    "@img/sharp-linux-x64",
    "0.35.5",
    "sha512-SxFtLTeJInhAA9Q836kux2vZNeOBQEx658qvbboZScr0wIARym3IcGmW7KpVD5sbVg0Ojy+udFQdayYIZyoNog==",
    ("LICENSE", "package.json", "index.cjs", "lib/*.node"),
)
LIBVIPS_LINUX = NpmPackage(
    "@img/sharp-libvips-linux-x64",
    "1.3.4",
    "sha512-GJ//SSXbnwSDes02umB3nDJLFcQzw8a18V8fyhqr6tV515tOEMdImjjxj1AoafMRz56F3PHgftnj1QEKSU1zkw==",
    ("package.json", "versions.json", "lib/index.js", "lib/*.so.*"),
)

PACKAGES = (SHARP, DETECT_LIBC, SEMVER, COLOUR, SHARP_LINUX, LIBVIPS_LINUX)
