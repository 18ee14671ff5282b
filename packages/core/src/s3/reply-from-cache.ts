import type { WireHeaders } from './data-transport.ts'

/** Values of these that tell of a copy that a cache held: `HIT`, `TCP_MEM_HIT`, `RefreshHit from cloudfront`, `STALE`, … */
const CACHE_STATUS = ['x-cache', 'x-cache-status', 'x-proxy-cache', 'cf-cache-status', 'cdn-cache', 'x-cache-remote'] as const

/**
 * True for a reply that came out of a cache, whole or after the cache asked whether it is still right: it shows what the cache holds.
 * `Age` (RFC 9111), `Cache-Status` with `hit` (RFC 9211), a `Warning` 110 or 111 (stale), and what CloudFront, Cloudflare, Fastly, Akamai, nginx, Varnish,
 * Bunny and Tencent's CDN say.
 */
export function isFromCache(headers: WireHeaders): boolean {
  return (
    Number(headers['age'] ?? 0) > 0 ||
    CACHE_STATUS.some((name) => matches(headers[name], /hit|stale|updating|revalidated/i)) ||
    matches(headers['cache-status'], /;\s*hit\b/i) ||
    // Fastly: one count a cache on the way
    headers['x-cache-hits']?.split(',').some((hits) => Number(hits) > 0) === true ||
    // Varnish: the request's id, and that of the request which filled the cache
    matches(headers['x-varnish'], /^\s*\d+\s+\d+\s*$/) ||
    matches(headers['x-cache-lookup'], /^hit from (?:memory|disk)/i) ||
    matches(headers['warning'], /^11[01]\b/)
  )
}

/** Nearly no reply has these headers: those that are not there cost nothing. */
function matches(value: string | undefined, pattern: RegExp): boolean {
  return value !== undefined && pattern.test(value)
}
