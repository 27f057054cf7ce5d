"""Elements and attributes of SVG that draw, and cannot run or load anything. See SVG 2."""

from __future__ import annotations

ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "switch",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "image",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "marker",
        "style",
        "filter",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feConvolveMatrix",
        "feDiffuseLighting",
        "feDisplacementMap",
        "feDistantLight",
        "feDropShadow",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feImage",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "fePointLight",
        "feSpecularLighting",
        "feSpotLight",
        "feTile",
        "feTurbulence",
        "animate",
        "animateTransform",
        "animateMotion",
        "mpath",
    ]
)

UNWRAPPED = frozenset({"a"})
"""Elements that are left out, while what they contain is kept."""

REFERENCES = frozenset({"href"})
"""Attributes that name another element: `#id`."""

ANIMATED = "attributeName"

_GEOMETRY = """
    cx cy d dx dy fr fx fy height method pathLength points r refX refY rotate rx ry side spacing
    textLength lengthAdjust startOffset transform viewBox width x x1 x2 y y1 y2 preserveAspectRatio
    version
"""
_UNITS = """
    clipPathUnits filterUnits gradientTransform gradientUnits markerHeight markerUnits markerWidth
    maskContentUnits maskUnits orient patternContentUnits patternTransform patternUnits
    primitiveUnits spreadMethod
"""
_FILTERS = """
    amplitude azimuth baseFrequency bias diffuseConstant divisor edgeMode elevation exponent in in2
    intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength limitingConeAngle mode numOctaves offset
    operator order pointsAtX pointsAtY pointsAtZ preserveAlpha radius result scale seed slope
    specularConstant specularExponent stdDeviation stitchTiles surfaceScale tableValues targetX
    targetY type values xChannelSelector yChannelSelector z
"""
_ANIMATION = """
    accumulate additive attributeName attributeType begin by calcMode dur end from keyPoints
    keySplines keyTimes max min path repeatCount repeatDur restart to
"""
_PRESENTATION = """
    alignment-baseline baseline-shift clip-path clip-rule color color-interpolation
    color-interpolation-filters color-rendering cursor direction display dominant-baseline fill
    fill-opacity fill-rule filter flood-color flood-opacity font-family font-size font-size-adjust
    font-stretch font-style font-variant font-weight image-rendering letter-spacing lighting-color
    marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow
    paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
    text-anchor text-decoration text-overflow text-rendering transform-origin unicode-bidi
    vector-effect visibility white-space word-spacing writing-mode
"""
_ALL = "id class style role lang systemLanguage aria-hidden aria-label aria-labelledby"

ATTRIBUTES = REFERENCES.union(
    *(names.split() for names in (_GEOMETRY, _UNITS, _FILTERS, _ANIMATION, _PRESENTATION, _ALL))
)
