"""Pages made from data, with the default theme and with templates of a site."""
