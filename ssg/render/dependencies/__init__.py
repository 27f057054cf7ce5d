"""The questions that pages ask of the site database: recorded while they are rendered."""
