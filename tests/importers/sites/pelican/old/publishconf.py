from pelicanconf import *  # noqa: F403

SITEURL = "https://buoy.example.com"
