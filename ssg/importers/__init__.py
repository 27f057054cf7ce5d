"""Sites of other generators -> sites of ours. One module for each, behind `Importer`."""
