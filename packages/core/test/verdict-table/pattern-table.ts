/** One row of a table of expectations: cells that must fit (`*` fits anything), and the answer. */
export interface PatternRow<A extends string> {
  readonly cells: readonly string[]
  readonly answer: A
}

/** Reads `cell | cell -> answer  note` lines. Notes are for people. */
export function readPatternTable<A extends string>(text: string): readonly PatternRow<A>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [left = '', right = ''] = line.split('->')
      return { cells: left.split('|').map((cell) => cell.trim()), answer: (right.trim().split(/\s+/)[0] ?? '') as A }
    })
}

/** The answer of the one row that fits; throws where none or several do, so that no combination is decided by accident. */
export function lookUp<A extends string>(table: readonly PatternRow<A>[], cells: readonly string[]): A {
  const fitting = table.filter((row) => row.cells.length === cells.length && row.cells.every((cell, at) => cell === '*' || cell === cells[at]))
  const [only] = fitting
  if (only === undefined || fitting.length > 1) throw new Error(`${fitting.length} rows of the table fit ${cells.join(' | ')}`)
  return only.answer
}
