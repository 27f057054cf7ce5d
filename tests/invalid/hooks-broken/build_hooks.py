def setup(hooks):
    @hooks.on_page
    def check(page):
        page.front["title"].strip()
