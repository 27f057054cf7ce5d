"""Commands that look at a site: dry runs, lists, checks of rules, parity, profiles."""
