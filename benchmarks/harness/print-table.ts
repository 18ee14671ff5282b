import { cpus } from 'node:os'

/** Prints rows as a Markdown table. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const print = beginTable(head)
  for (const row of rows) print(row)
  process.stdout.write('\n')
}

/** Prints the head of a Markdown table, and gives what prints a row: a long benchmark shows each figure when it has it. */
export function beginTable(head: readonly string[]): (cells: readonly (string | number)[]) => void {
  const print = (cells: readonly (string | number)[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`)
  print(head)
  print(head.map(() => '---'))
  return print
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
