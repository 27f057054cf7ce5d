-- Times are texts such as 2026-11-30T11:15:57Z, ids are texts, booleans are 0 and 1.

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,       -- the first part of the addresses
    skeleton TEXT NOT NULL UNIQUE,   -- of names that look alike there is one
    display_name TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    password TEXT NOT NULL,          -- a hash of Argon2; empty: nobody can log in
    is_admin INTEGER NOT NULL DEFAULT 0,
    suspended INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,  -- only the name is left: nobody gets it again
    joined_at TEXT NOT NULL
);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX session_account ON session (account);

-- The generic cell rate algorithm: the time at which the next request is due.
CREATE TABLE rate (
    key TEXT PRIMARY KEY,
    due DOUBLE PRECISION NOT NULL    -- seconds since 1970
);
CREATE INDEX rate_due ON rate (due);

CREATE TABLE post (
    id TEXT PRIMARY KEY,
    author TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'published', 'unpublished')),
    hidden INTEGER NOT NULL DEFAULT 0,   -- by moderation
    title TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '',   -- with spaces between them
    created_at TEXT NOT NULL,
    publish_at TEXT,                 -- of a scheduled post
    published_at TEXT,               -- the first time
    edited_at TEXT,                  -- the last time after that
    revision INTEGER NOT NULL DEFAULT 1,
    reads INTEGER NOT NULL DEFAULT 0,
    text TEXT NOT NULL DEFAULT '',   -- the last column: lists do not read it
    UNIQUE (author, slug)
);
CREATE INDEX post_newest ON post (status, hidden, published_at, id);
CREATE INDEX post_by_author ON post (author, status, hidden, published_at, id);
CREATE INDEX post_most_read ON post (status, hidden, reads, published_at, id);
CREATE INDEX post_own ON post (author, created_at, id);
CREATE INDEX post_due ON post (status, publish_at);

-- What the editor shows, if it differs from what is published.
CREATE TABLE draft (
    post TEXT PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    text TEXT NOT NULL,
    tags TEXT NOT NULL,              -- with spaces between them
    saved_at TEXT NOT NULL
);

-- Which posts the page of a tag lists: those that visitors can see.
CREATE TABLE post_tag (
    tag TEXT NOT NULL,
    published_at TEXT NOT NULL,
    post TEXT NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, published_at, post)
);
CREATE INDEX post_tag_post ON post_tag (post);

CREATE TABLE old_address (
    author TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    post TEXT NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    PRIMARY KEY (author, slug)
);
CREATE INDEX old_address_post ON old_address (post);

CREATE TABLE picture (
    name TEXT PRIMARY KEY,           -- a hash of its bytes and the extension
    bytes BLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL
);
CREATE TABLE picture_owner (
    picture TEXT NOT NULL REFERENCES picture (name) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    uploaded_at TEXT NOT NULL,
    PRIMARY KEY (picture, account)
);
CREATE INDEX picture_owner_account ON picture_owner (account);

CREATE TABLE report (
    id TEXT PRIMARY KEY,
    post TEXT NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    reporter TEXT,                   -- an account, or none
    reason TEXT NOT NULL,
    reported_at TEXT NOT NULL,
    closed_at TEXT
);
CREATE INDEX report_open ON report (closed_at, reported_at);

-- Tags that are to be purged, for each cache. A row is written in the transaction that changes
-- what the tag names, and removed when the cache has forgotten it.
CREATE TABLE purge (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    tag TEXT NOT NULL,
    since TEXT NOT NULL
);
CREATE INDEX purge_url ON purge (url, since);
