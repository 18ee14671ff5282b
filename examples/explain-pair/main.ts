// What can be proved between two providers, before anything is copied: node main.ts <source id> <destination id>
import { explainPair, profileById, profiles } from '@sealift/provider-detect'

const [sourceId = 'aws', destinationId = 'r2'] = process.argv.slice(2)
const source = profileById(sourceId)
const destination = profileById(destinationId)
if (source === undefined || destination === undefined) {
  console.error(`no such provider; known: ${Object.keys(profiles).sort().join(', ')}`)
  process.exit(1)
}

const explained = explainPair(source, destination)
console.log(`${explained.source.name} → ${explained.destination.name}\n`)

/** One word where both are equal. */
const range = (atLeast: string | number, atBest: string | number): string => (atLeast === atBest ? String(atLeast) : `${atLeast} … ${atBest}`)

for (const { description, assurance, extraRequests, sourceEvidence, destinationEvidence, sameEtag } of explained.objects) {
  console.log(description)
  console.log(`  assurance      ${range(assurance.atLeast, assurance.atBest)}`)
  console.log(`  source         ${sourceEvidence.join(', ') || 'nothing'}`)
  console.log(`  destination    ${destinationEvidence.join(', ') || 'nothing'}`)
  console.log(`  extra requests ${range(extraRequests.atLeast.length, extraRequests.atBest.length)}`)
  for (const why of new Set([...extraRequests.atLeast, ...extraRequests.atBest])) console.log(`                 - ${why}`)
  console.log(`  same ETag      ${sameEtag === null ? 'cannot be told' : sameEtag ? 'yes' : 'no'}\n`)
}

if (explained.notCarried.length > 0) console.log('not carried:')
for (const { what, name, reason } of explained.notCarried) console.log(`  ${what}${name === null ? '' : ` ${name}`}: ${reason}`)
if (explained.limits.length > 0) console.log('limits:')
for (const limit of explained.limits) console.log(`  ${limit}`)
