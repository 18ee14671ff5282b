import type { Personality } from '../personality.ts'
import { S3Error } from '../s3-error.ts'
import type { ServerState } from '../server-state.ts'
import { element, type Xml } from '../xml-writer.ts'

/** A count in a query, held to a most. @throws `InvalidArgument` */
export function countOf(query: ReadonlyMap<string, string>, name: string, whenAbsent: number, most: number): number {
  const text = query.get(name)
  if (text === undefined || text === '') return whenAbsent
  if (!/^\d{1,10}$/.test(text))
    throw new S3Error(400, 'InvalidArgument', `Argument ${name} must be an integer between 0 and 2147483647`, { ArgumentName: name, ArgumentValue: text })
  return Math.min(Number(text), most)
}

/** A time as listings write it. */
export function timeText(personality: Personality, ms: number): string {
  return new Date(personality.listing.lastModified === 'seconds' ? Math.floor(ms / 1000) * 1000 : ms).toISOString()
}

/** The children of an `Owner` element. */
export function ownerXml({ owner }: ServerState): readonly Xml[] {
  return [element('ID', owner), element('DisplayName', owner)]
}
