'use strict';

// The URL of a source, and the targets of requests below it (ssg/sources/http/source_url.py, which
// says why): the site has written scheme, host, port and the beginning of the path, and there is
// nothing at a path that some server on the way could understand as one elsewhere.

const MAX_PATH_LENGTH = 32_000;
const MAX_DECODINGS = 6;
const PORTS = { 'http:': 80, 'https:': 443 };
const VISIBLE = /^[\x21-\x7e]+$/;
const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*:)\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/;
const AUTHORITY = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]@\\]+)(?::([0-9]*))?$/;
const NOT_IN_PATHS = /[\x00-\x1f\x7f\\#]|%(?![0-9A-Fa-f]{2})/;
const CONTROL = /[\x00-\x1f\x7f]/;
// What is not one of these is percent-encoded; those in a path mean something, or are harmless.
const NOT_KEPT = /[^A-Za-z0-9_.~\-/?:@!$&'()*+,;=[\]|%]/gu;

/** Why a source has no answer. The message contains no secret; `status` is 0 without one. */
class SourceError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

class SourceUrl {
  /** The parts of a URL. Throws SourceError, which does not repeat it. */
  constructor(text) {
    const [, scheme, authority, path, query, fragment] = PARTS.exec(text) ?? [];
    this.scheme = scheme?.toLowerCase();
    if (authority?.includes('@')) {
      throw new SourceError('its url contains a user; write the header Authorization instead');
    }
    const [, host, port] = AUTHORITY.exec(authority ?? '') ?? [];
    const number = port ? Number(port) : PORTS[this.scheme];
    if (!(this.scheme in PORTS) || !host || !VISIBLE.test(text) || number === 0 || number > 65535) {
      throw new SourceError('its url is not an address that begins with https:// or http://');
    }
    if (query !== undefined || fragment !== undefined) {
      throw new SourceError('its url contains ? or #; write queries into the paths of requests');
    }
    this.host = host.replace(/^\[|\]$/g, '').toLowerCase();
    this.port = number;
    this.prefix = path.replace(/\/+$/, '');
    if (this.target('') === null) throw new SourceError('its url contains . or .. as a part of its path');
  }

  /** Host and port for the header `Host`. */
  get authority() {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return this.port === PORTS[this.scheme] ? host : `${host}:${this.port}`;
  }

  /** Path and query of a request; null if they could lead elsewhere. Throws SourceError. */
  target(path) {
    if (path.length > MAX_PATH_LENGTH) {
      throw new SourceError('its path has more than 32,000 characters');
    }
    if (path && (!/^[/?]/.test(path) || NOT_IN_PATHS.test(path))) {
      throw new SourceError('its path is not an encoded path that begins with /');
    }
    const whole = this.prefix + path;
    if (path.startsWith('//') || leadsElsewhere(whole)) return null;
    return encode(whole.startsWith('/') ? whole : `/${whole}`);
  }
}

function encode(target) {
  if (!target.isWellFormed?.() && /\p{Surrogate}/u.test(target)) throw new SourceError('its path is not Unicode');
  return target.replace(NOT_KEPT, encodeURIComponent);
}

/** Whether the path contains `.` or `..` as a segment, in any spelling. */
function leadsElsewhere(target) {
  const path = target.split('?', 1)[0];
  if (!/[.%]/.test(path)) return false;
  const decoded = decode(path);
  if (decoded === null || CONTROL.test(decoded)) return true;
  return decoded.split(/[/\\]/).some((segment) => ['.', '..'].includes(segment.split(';', 1)[0]));
}

/** Decode until nothing is left to decode; null if that takes too long, or is not UTF-8. */
function decode(text) {
  let path = text;
  for (let times = 0; times < MAX_DECODINGS; times += 1) {
    const encoded = path;
    try {
      path = decodeURIComponent(encoded.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
    } catch {
      return null;
    }
    if (path === encoded) return path;
  }
  return null;
}

module.exports = { SourceError, SourceUrl };
