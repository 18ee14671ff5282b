import diagnosticsChannel from 'node:diagnostics_channel'
import { inspect } from 'node:util'

/** Everything that a process lets out: kept as text, and searched for secrets. */
export class LeakNet {
  /** what was said, by where */
  readonly caught: { readonly where: string; readonly text: string }[] = []
  readonly #undo: (() => void)[] = []

  add(where: string, text: string): void {
    this.caught.push({ where, text })
  }

  /** Any value, as far as anybody could print it: inspected with what is hidden, as JSON, and property by property along the causes. */
  addValue(where: string, value: unknown, seen: Set<unknown> = new Set()): void {
    if (seen.has(value)) return
    seen.add(value)
    this.add(where, inspect(value, { depth: 10, showHidden: true, maxArrayLength: 200, maxStringLength: null }))
    this.add(where, String(value))
    this.add(where, toJson(value))
    if (typeof value !== 'object' || value === null) return
    for (const name of Reflect.ownKeys(value)) {
      const property: unknown = Reflect.get(value, name)
      if (typeof property === 'string') this.add(`${where}.${String(name)}`, property)
      else if (property instanceof Error || name === 'cause' || name === 'errors') this.addValue(`${where}.${String(name)}`, property, seen)
    }
  }

  /** From now on: console, stdout and stderr, warnings, and the diagnostics channels of these events. */
  watch(eventNames: readonly string[]): void {
    for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const) {
      const original = console[method]
      console[method] = (...given: unknown[]) => {
        for (const item of given) this.addValue(`console.${method}`, item)
      }
      this.#undo.push(() => {
        console[method] = original
      })
    }
    for (const stream of ['stdout', 'stderr'] as const) {
      const original = process[stream].write
      process[stream].write = ((chunk: string | Uint8Array, ...rest: never[]) => {
        this.add(stream, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
        return original.call(process[stream], chunk, ...rest)
      }) as typeof original
      this.#undo.push(() => {
        process[stream].write = original
      })
    }
    const onWarning = (warning: Error): void => this.addValue('warning', warning)
    process.on('warning', onWarning)
    this.#undo.push(() => process.off('warning', onWarning))
    for (const name of eventNames) {
      const channel = `sealift:${name}`
      const listener = (message: unknown): void => this.addValue(`diagnostics_channel ${channel}`, message)
      diagnosticsChannel.subscribe(channel, listener)
      this.#undo.push(() => diagnosticsChannel.unsubscribe(channel, listener))
    }
  }

  stop(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo()
  }

  /** Where a secret was found, by its name; the secret itself is not repeated. */
  leaks(secrets: Readonly<Record<string, string>>): string[] {
    const found = new Set<string>()
    for (const { where, text } of this.caught) {
      // numbers are printed in columns
      const dense = text.replaceAll(/\s+/g, '')
      for (const [name, secret] of Object.entries(secrets)) if (text.includes(secret) || dense.includes(secret)) found.add(`${name} in ${where}`)
    }
    return [...found].sort()
  }
}

/** Every form in which bytes are printed. */
export function formsOf(name: string, key: Uint8Array): Record<string, string> {
  const hex = Buffer.from(key).toString('hex')
  const first = [...key.subarray(0, 6)]
  return {
    [`${name} (base64)`]: Buffer.from(key).toString('base64').replace(/=+$/, ''),
    [`${name} (hex)`]: hex,
    [`${name} (HEX)`]: hex.toUpperCase(),
    [`${name} (inspected)`]: first.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    [`${name} (numbers)`]: first.join(','),
    [`${name} (numbers as JSON)`]: first.map((byte, index) => `"${index}":${byte}`).join(','),
  }
}

function toJson(value: unknown): string {
  const seen = new Set<unknown>()
  try {
    return (
      JSON.stringify(value, (_, item: unknown) => {
        if (typeof item === 'bigint') return String(item)
        if (typeof item !== 'object' || item === null) return item
        if (seen.has(item)) return '(again)'
        seen.add(item)
        return item instanceof Error ? { ...item, message: item.message, stack: item.stack } : item
      }) ?? ''
    )
  } catch (error) {
    return String(error)
  }
}
