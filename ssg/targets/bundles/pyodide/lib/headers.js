'use strict';

// Adds the site's own headers to an answer: those that a static file of the same path has. Their
// rules are in headers.json (site_headers.py, which does the same in Python).

const CACHE_CONTROL = 'cache-control';
const CONTENT_TYPE = 'content-type';

class SiteHeaders {
  /** `rules` are pairs: the expressions of a pattern (header_pattern.py), and its headers. */
  constructor(rules) {
    this.rules = rules.map(([expressions, headers]) => ({
      expressions: expressions.map((one) => new RegExp(one, 'gsu')),
      headers,
    }));
  }

  /** A response with the headers of a decoded path; null is a path that cannot be decoded. */
  addTo(response, decoded) {
    const own = this.of(decoded ?? '');
    keptBy(response).forEach((name) => delete own[name]);
    const kept = Object.entries(response.headers).filter(([name]) => !(name.toLowerCase() in own));
    return { ...response, headers: { ...Object.fromEntries(kept), ...own } };
  }

  /** The headers of all rules that match; the last one wins. */
  of(path) {
    const matching = this.rules.filter(({ expressions }) => matches(expressions, path));
    return Object.assign(Object.create(null), ...matching.map(({ headers }) => headers));
  }
}

/** The headers that no rule changes: they describe a page, and whether an answer may be stored. */
function keptBy({ status, freshSeconds }) {
  if (status !== 200) return [CACHE_CONTROL, CONTENT_TYPE];
  return freshSeconds === 0 ? [CACHE_CONTROL] : [];
}

/** Whether all expressions are found, each from the end of the match before it. */
function matches(expressions, path) {
  let end = 0;
  return expressions.every((expression) => {
    expression.lastIndex = end;
    const found = expression.test(path);
    end = expression.lastIndex;
    return found;
  });
}

module.exports = { SiteHeaders };
