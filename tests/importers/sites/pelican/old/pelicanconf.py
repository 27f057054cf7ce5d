import os

AUTHOR = "Ana"
SITENAME = "The " + "Buoy"
SITESUBTITLE = "Always afloat"
SITEURL = ""
PATH = "content"
TIMEZONE = "Europe/Lisbon"
DEFAULT_LANG = "en"
THEME = "themes/sea"
PLUGINS = ["sitemap", "liquid_tags.img"]
STATIC_PATHS = ["images", "extra"]
EXTRA_PATH_METADATA = {"extra/robots.txt": {"path": "robots.txt"}}
ARTICLE_URL = "posts/{date:%Y}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
DEFAULT_PAGINATION = 4
MENUITEMS = (("Source", "https://example.com/source"),)
LINKS = (("Pelican", "https://getpelican.com/"),)
TYPOGRIFY = True
SEA_COLOUR = "navy"
OUTPUT_PATH = os.environ["OUT"]
MARKDOWN = {"extension_configs": {"markdown.extensions.admonition": {}}}
