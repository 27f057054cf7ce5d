# Varnish 7 in front of the blogging platform: the API, and servers of ssg that run with
# `ssg start --front varnish`. Both have one address here, and cookies of the one reach the other.
#
# The API answers /api/, /account/ and /media/. Of that, pictures alone are stored: they never
# change, and are purged when somebody removes them. All else is answered as in
# examples/deploy/varnish.vcl of ssg.
#
# Needs the module xkey (Debian: varnish-modules). Start varnishd with `-p http_resp_hdr_len=16k`:
# the tags of an answer are one header.
#
# What is never stored: answers of 500 and more, answers without a time for shared caches (files,
# redirects that a rule makes, pages that depend on the visitor), and all that visitors with a role
# or a password get. What is stored depends on the host and the path alone, not on the query and
# not on cookies: the server says `no-store` where they matter.

vcl 4.1;

import directors;
import std;
import xkey;

probe ready {
    .url = "/readyz";
    .interval = 2s;
    .timeout = 1s;
    .window = 3;
    .threshold = 2;
    .initial = 2;
}

backend server1 {
    .host = "server1";
    .port = "8000";
    .connect_timeout = 1s;
    .first_byte_timeout = 65s;
    .probe = ready;
}

backend server2 {
    .host = "server2";
    .port = "8000";
    .connect_timeout = 1s;
    .first_byte_timeout = 65s;
    .probe = ready;
}

backend api {
    .host = "api";
    .port = "8000";
    .connect_timeout = 1s;
    .first_byte_timeout = 65s;
    .probe = {
        .url = "/api/health";
        .interval = 2s;
        .timeout = 1s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

sub vcl_init {
    new servers = directors.round_robin();
    servers.add_backend(server1);
    servers.add_backend(server2);
}

# Who may purge without a secret. Not even they may if the request came through another proxy.
acl own_machine {
    "localhost";
}

sub vcl_recv {
    set req.backend_hint = servers.backend();
    if (req.method == "PURGE") {
        call take_purge;
    }
    unset req.http.Ssg-Purge-Secret;
    if (req.url ~ "^/(api|account|media)/") {
        set req.backend_hint = api;
        if (req.url !~ "^/media/" || (req.method != "GET" && req.method != "HEAD")) {
            return (pass);
        }
        unset req.http.Cookie; # everybody sees the same pictures
        return (hash);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Rules with `Role=` read the first cookie; visitors with the second one see drafts. Other
    # cookies do not matter to what is stored.
    if (req.http.Authorization || req.http.Cookie ~ "(^|;)\s*(nf_jwt|ssg_draft)=") {
        return (pass);
    }
    if (req.url ~ "^/_ssg/") {
        return (pass);
    }
    return (hash);
}

# `ssg purge --host varnish` sends these. A soft purge lets pages expire: the next visitor gets the
# old page while the new one is fetched.
sub take_purge {
    if (std.getenv("SSG_VARNISH_SECRET") ~ ".") {
        if (req.http.Ssg-Purge-Secret != std.getenv("SSG_VARNISH_SECRET")) {
            return (synth(403));
        }
    } else if (client.ip !~ own_machine || req.http.X-Forwarded-For ~ ",") {
        return (synth(403));
    }
    if (req.http.xkey-purge-all) {
        if (!std.ban("obj.status != 0")) {
            return (synth(500));
        }
        return (synth(200, "Purged everything"));
    }
    if (req.http.xkey-purge) {
        return (synth(200, "Purged " + xkey.purge(req.http.xkey-purge)));
    }
    if (req.http.xkey-softpurge) {
        return (synth(200, "Expired " + xkey.softpurge(req.http.xkey-softpurge)));
    }
    return (synth(400));
}

sub vcl_hash {
    hash_data(regsub(req.url, "\?.*$", ""));
    hash_data(req.http.Host.lower());
    return (lookup);
}

sub vcl_backend_response {
    # An error never takes the place of a page. It is not stored, and for a second no one waits in
    # a row for others who get it, too.
    if (beresp.status >= 500) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    if (beresp.http.Surrogate-Key) {
        set beresp.http.xkey = beresp.http.Surrogate-Key;
        unset beresp.http.Surrogate-Key;
    }
    # Varnish reads the fresh time from `s-maxage` and the stale one (grace) from
    # `stale-while-revalidate`; `stale-if-error` is the same. Without a fresh time, the server
    # answers each request itself, also with 304.
    if (beresp.ttl <= 0s || beresp.http.Cache-Control ~ "(?i)no-store|private|no-cache") {
        return (pass(10s));
    }
}

# One server fails: ask another one. All fail: pages that are still stale are served anyway.
sub vcl_backend_error {
    if (bereq.retries == 0 && (bereq.method == "GET" || bereq.method == "HEAD")) {
        return (retry);
    }
    set beresp.http.Content-Type = "text/html; charset=utf-8";
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Retry-After = "5";
    set beresp.body = {"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Error</title></head>
<body><h1>This page cannot be shown right now</h1>
<p>Please try again in a moment.</p></body></html>
"};
    return (deliver);
}

sub vcl_deliver {
    # Browsers keep every page and ask again on each use: a purge reaches them, too.
    if (resp.http.Cache-Control ~ "s-maxage") {
        set resp.http.Cache-Control = "public, max-age=0, must-revalidate";
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}

sub vcl_synth {
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    set resp.http.Cache-Control = "no-store";
    set resp.body = resp.reason + {"
"};
    return (deliver);
}
