-- What administrators have decided. The author of a hidden post is told the last reason.
CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    decided_at TEXT NOT NULL,
    admin TEXT NOT NULL REFERENCES account (id),
    action TEXT NOT NULL CHECK (action IN ('hide', 'show', 'suspend', 'restore')),
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    post TEXT REFERENCES post (id) ON DELETE CASCADE,   -- none: all of the account
    reason TEXT NOT NULL
);
CREATE INDEX decision_post ON decision (post, decided_at);
CREATE INDEX decision_account ON decision (account, decided_at);
