"""Cached responses that the servers of several machines share, in Redis.

Theory of operation. A string that grows by APPEND is the purge log; its length is the clock, as the
size of the file is on disk (`purge_log`). A follower thread in each process reads what is appended.
It tells Redis how far it has read, and so keeps a lease: the process may answer from what it knows
while its lease holds, which is measured from before the message was sent, on the clock of the
process itself. A purge appends its lines, and returns when each server has told that it has read
them, or when every lease that began before has ended. So nothing is served past its purge, even by
a server that is cut off, paused or slow; no clock of another machine is read.

The log names the process of Redis that it belongs to. Who finds another process of Redis, or no
log, begins a new generation, in which no earlier entry is valid: a Redis that restarted may have
lost purges. The leases that were given before are not known to it; so purges wait for their end
until a server has observed the generation for the time of a lease (`settled`).

Without a lease, pages are rendered and not stored. After a failure, only the follower tries again.

    ssg:{<namespace>}:purges     the log: a line with generation and run_id, then those of a log
                     :servers    hash: server -> what it has read; `:log`, `:settled`
                     :page:<path>, :missing:<path>   hash: entry, label; with an expiry
                     :lock:<path>    who renders the page; expires soon
                     :counters   hash: renders, stores, purges, hits
                     :table      hash: the tag table of the build deployed last
                     :wake       channel: something was appended
    ssg:names                    sorted set: namespaces, by the time of last use
"""
