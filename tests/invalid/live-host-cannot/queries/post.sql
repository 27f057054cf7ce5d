SELECT * FROM post WHERE slug = :slug
