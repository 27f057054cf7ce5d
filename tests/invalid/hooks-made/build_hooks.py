from ssg.content.build_hooks import SourcePage


def setup(hooks):
    @hooks.on_sources
    def boats(root):
        yield SourcePage("ana.md", {"title": "Ana"})
        yield SourcePage("bia.txt")
        yield SourcePage("cid.md", {"weight": "heavy"})
        yield SourcePage("dea.md", {"path": "/ana/"})
