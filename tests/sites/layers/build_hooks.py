"""Every post says how long it is."""


def setup(hooks):
    @hooks.on_page
    def measure(page):
        page.front.setdefault("extra", {})["letters"] = len(page.text)
