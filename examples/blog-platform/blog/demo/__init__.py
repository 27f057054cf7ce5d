"""Users, posts and pictures for a first look, from the folder `demo` of the site."""
