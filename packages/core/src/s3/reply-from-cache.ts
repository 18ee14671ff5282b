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
    CACHE_STATUS.some((name) => /hit|stale|updating|revalidated/i.test(headers[name] ?? '')) ||
    /;\s*hit\b/i.test(headers['cache-status'] ?? '') ||
    // Fastly: one count a cache on the way
    (headers['x-cache-hits'] ?? '').split(',').some((hits) => Number(hits) > 0) ||
    // Varnish: the request's id, and that of the request which filled the cache
    /^\s*\d+\s+\d+\s*$/.test(headers['x-varnish'] ?? '') ||
    /^hit from (?:memory|disk)/i.test(headers['x-cache-lookup'] ?? '') ||
    /^11[01]\b/.test(headers['warning'] ?? '')
  )
}
