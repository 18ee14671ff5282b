import type { Compilable, CompiledQuery } from 'kysely'
import type { StoreContext } from './store-context.ts'

/** Stands in a statement for the value at `index` of the list that the statement is run with. */
export type ValueSlot = <T>(index: number) => T

/** A statement as it is kept: its text, and which of its parameters are values to come. */
export interface CompiledStatement {
  readonly query: CompiledQuery
  /** the value's index for each parameter; null where the parameter is a constant */
  readonly slots: readonly (number | null)[]
  /** the parameters are the values, in their order */
  readonly inOrder: boolean
}

/** Builds a statement; called once a store. Its text may depend on the context only. */
export type StatementBuilder<Row> = (context: StoreContext, slot: ValueSlot) => Compilable<Row>

class Slot {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

// Kysely takes any object that is no expression for a parameter
const slot: ValueSlot = <T>(index: number): T => new Slot(index) as unknown as T

/**
 * A statement of the hot path with its values. It is compiled at its first use in a store: compiling one INSERT takes longer than SQLite takes to run it.
 * @param build - the same function each time; it is what the compiled text is kept under
 * @param values - one for each slot
 */
export function bindCompiled<Row>(
  context: StoreContext,
  build: StatementBuilder<Row>,
  values: readonly unknown[],
): { readonly query: CompiledQuery; readonly parameters: readonly unknown[] } {
  let statement = context.statements.get(build)
  if (statement === undefined) {
    const query = build(context, slot).compile()
    const slots = query.parameters.map((parameter) => (parameter instanceof Slot ? parameter.index : null))
    statement = { query, slots, inOrder: slots.every((index, at) => index === at) }
    context.statements.set(build, statement)
  }
  const { query } = statement
  if (statement.inOrder && values.length === statement.slots.length) return { query, parameters: values }
  return { query, parameters: statement.slots.map((index, at) => (index === null ? query.parameters[at] : values[index])) }
}

/**
 * Runs a statement of the hot path.
 * @returns its rows; none for a statement that gives none
 */
export async function runCompiled<Row>(context: StoreContext, build: StatementBuilder<Row>, values: readonly unknown[]): Promise<readonly Row[]> {
  const { query, parameters } = bindCompiled(context, build, values)
  if (context.held !== null) return context.held.run(query.sql, parameters) as readonly Row[]
  return (await context.db.executeQuery<Row>({ ...(query as CompiledQuery<Row>), parameters })).rows
}
