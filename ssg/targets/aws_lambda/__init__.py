"""AWS Lambda behind CloudFront: a function in CPython, a bucket for assets, and the template."""
