import type { ObjectResult } from '../object-result.ts'
import type { EventObject, SealiftEvents } from './events.ts'

export interface ConsoleReporterOptions {
  /** where lines go; default `console.log` */
  readonly write?: (line: string) => void
  /** also retries and throttling. Default false */
  readonly verbose?: boolean
}

/**
 * Prints a line for every object: `[INTEGRITY] verified photos/1.jpg md5=… size=…`. Control characters in keys are escaped, so that a key cannot forge a line.
 * @returns stops reporting
 */
export function reportToConsole(events: SealiftEvents, options: ConsoleReporterOptions = {}): () => void {
  const write = options.write ?? ((line: string) => console.log(line))
  const result = (event: EventObject & { readonly result: ObjectResult }): void => write(resultLine(event.result))
  const retry = (event: EventObject & { readonly attempt: number; readonly reason: string }): void => {
    write(`[INTEGRITY] retry ${printable(event.source.key)} attempt=${event.attempt} reason=${printable(event.reason)}`)
  }
  const throttled = (event: EventObject & { readonly side: string; readonly delayMs: number }): void => {
    write(`[INTEGRITY] throttled ${printable(event.source.key)} side=${event.side} delayMs=${Math.round(event.delayMs)}`)
  }
  const verdicts = ['object:verified', 'object:mismatch', 'object:unverified', 'object:failed', 'object:skipped'] as const
  for (const name of verdicts) events.on(name, result)
  if (options.verbose === true) {
    events.on('object:retry', retry)
    events.on('throttled', throttled)
  }
  return () => {
    for (const name of verdicts) events.off(name, result)
    events.off('object:retry', retry)
    events.off('throttled', throttled)
  }
}

/** One result as a line of text. */
export function resultLine(result: ObjectResult): string {
  const fields = [
    result.digests.md5 === undefined ? null : `md5=${result.digests.md5}`,
    result.source.sizeBytes === null ? null : `size=${result.source.sizeBytes}`,
    result.verdict === 'verified' ? `assurance=${result.assurance}` : null,
    result.error === undefined ? null : `error=${result.error.code}`,
  ].filter((field) => field !== null)
  return `[INTEGRITY] ${result.verdict} ${printable(result.source.key)}${fields.length === 0 ? '' : ` ${fields.join(' ')}`}`
}

function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
