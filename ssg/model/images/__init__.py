"""Pictures, the recipes of their variants, and the variants: values that every room shares."""
