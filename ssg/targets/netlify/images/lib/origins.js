'use strict';

// Where the files of this deploy are, by what Netlify says at run time: `URL` and `SITE_NAME` (Netlify
// docs, Functions, "Environment variables"), and the id of the deploy. A request may only choose
// between the addresses of the site itself, at which Netlify serves its deploys.

const { DEPLOY_URL, NETLIFY_DEV, SITE_NAME, URL: MAIN } = process.env;

/** The origins to try for a request with this URL, the likeliest first. */
function originsFor(requested, deployId) {
  const permalink = deployId && SITE_NAME ? `https://${deployId}--${SITE_NAME}.netlify.app` : null;
  const url = URL.canParse(requested ?? '') ? new URL(requested) : null;
  const asked = url && isOfTheSite(url.hostname) ? url.origin : null;
  return [permalink, DEPLOY_URL, asked, MAIN].filter((origin) => /^https?:\/\//.test(origin ?? ''));
}

/** Whether Netlify serves a deploy of this site at a host. On the machine of a developer, any is right. */
function isOfTheSite(host) {
  if (NETLIFY_DEV === 'true') return true;
  const own = SITE_NAME ? `${SITE_NAME}.netlify.app` : null;
  return own !== null && (host === own || host.endsWith(`--${own}`));
}

module.exports = { originsFor };
