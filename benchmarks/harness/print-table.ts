import { cpus } from 'node:os'

/** Prints rows as a Markdown table. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  process.stdout.write(`${lines.join('\n')}\n\n`)
}

export function printMachine(): void {
  const processors = cpus()
  process.stdout.write(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? 'unknown'}\n\n`,
  )
}

export function sizeName(sizeBytes: number): string {
  for (const [unit, bytes] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
  ] as const)
    if (sizeBytes >= bytes) return `${sizeBytes / bytes} ${unit}`
  return `${sizeBytes / 1000} KB`
}
