import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { providerDefinitions } from './provider-definitions.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The row of a provider in the table of the README. */
function row({ profile, hosts, fingerprints }: (typeof providerDefinitions)[number]): string {
  const { id, name, etag, checksums, limits } = profile
  const single = etag.singleAmbiguous === true ? `${etag.single}, a difference says nothing` : etag.single
  const multipart = etag.multipartSince === undefined ? etag.multipart : `${etag.multipart}, since ${etag.multipartSince}`
  const returned = checksums.vendorHeaders.length === 0 ? checksums.returned : `\`${checksums.vendorHeaders.join('`, `')}\``
  const known = [...(hosts.length > 0 ? ['host'] : []), ...(fingerprints.some(({ onlyWithHost }) => onlyWithHost !== true) ? ['replies'] : [])]
  return `| \`${id}\` | ${name} | ${single} | ${multipart} | ${returned} | ${limits.maxParts} | ${known.join(', ') || '–'} |`
}

it.each(providerDefinitions.map((definition) => ({ id: definition.profile.id, definition })))('the README has the row of $id', ({ definition }) => {
  expect(README.split('\n')).toContain(row(definition))
})

it('the README has no other rows', () => {
  expect(README.split('\n').filter((line) => /^\| `[a-z0-9-]+` \| .* \| (?:\d+) \| /.test(line))).toHaveLength(providerDefinitions.length)
})
