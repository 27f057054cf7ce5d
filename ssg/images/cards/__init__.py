"""Cards: pictures of pages for link previews, with texts that are drawn by Pillow."""
