"""What visitors of a site would stumble over: dead links, missing files, ids that stand twice."""
